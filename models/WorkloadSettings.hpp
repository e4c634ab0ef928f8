#pragma once

#include <vector>

#include "arch/SimulationKeys.hpp"
#include "base/Diagnostics.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// Applies what `simulation:` says about tensors and einsums, and checks that the stages named under `pe.partition`
/// are made of einsums.
void apply_settings(EinsumGraph& graph, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics);

/// "mac", "add", …
const char* operation_name(Operation operation);

}  // namespace loopsim
