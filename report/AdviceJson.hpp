#pragma once

#include <nlohmann/json.hpp>

#include "runs/CaseResult.hpp"

namespace loopsim {

/// `advice` of stats.json: what would save cycles, as far as a run has found out; null if that is nothing.
nlohmann::ordered_json advice_json(const BoundTree& tree, const CaseResult& result);

}  // namespace loopsim
