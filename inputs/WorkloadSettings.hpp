#pragma once

#include <vector>

#include "base/Diagnostics.hpp"
#include "inputs/SimulationKeys.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// Applies what `simulation:` says about tensors and einsums, and checks that the stages named under `pe.partition`
/// are made of einsums.
void apply_settings(EinsumGraph& graph, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics);

}  // namespace loopsim
