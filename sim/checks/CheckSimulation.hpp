#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"
#include "sim/checks/SimulationOptions.hpp"

namespace loopsim {

/// The checks that `simulate` makes before it starts, as diagnostics: buffer sizes, PE mesh and partitions, main
/// memory. Throws InputError where the schedule cannot be executed at all, LimitError.
void check_simulation(const BoundTree& tree, const SimulationOptions& options, Diagnostics& diagnostics);
void check_fit(const BoundTree& tree, Fidelity fidelity, Diagnostics& diagnostics, RunObserver* observer = nullptr);

}  // namespace loopsim
