#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// `simulation.accounting` of stats.json: where the cycles of each stage went.
nlohmann::ordered_json accounting_json(const std::vector<StageAccount>& stages);

}  // namespace loopsim
