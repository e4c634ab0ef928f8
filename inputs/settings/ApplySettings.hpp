#pragma once

#include <vector>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "inputs/settings/RunSettings.hpp"
#include "inputs/settings/SimulationKey.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// Each applies those of the settings whose keys belong to what it is given, by the keys' own rows, in the order of the
/// input, and passes over the others. Names that there are not are errors.

void apply_settings(RunSettings& run, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics);

void apply_settings(Architecture& machine, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics);

/// Also checks that the stages named under `pe.partition` are made of einsums.
void apply_settings(EinsumGraph& graph, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics);

}  // namespace loopsim
