#pragma once

#include <vector>

#include "base/Document.hpp"
#include "inputs/settings/SimulationKey.hpp"

namespace loopsim {

/// Reads the map under `simulation:`; whether names exist is for others to check.
std::vector<SimulationSetting> read_simulation(const DocumentNode& simulation, Diagnostics& diagnostics);

}  // namespace loopsim
