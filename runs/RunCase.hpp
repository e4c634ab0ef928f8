#pragma once

#include "mapping/BoundTree.hpp"
#include "runs/CaseResult.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

/// Estimates, simulates and compares. Throws InputError when the mapping does not fit the machine, DeadlockError when
/// it gets stuck, and std::logic_error when the run broke a conservation law, because then no number of it can be
/// trusted.
CaseResult run_case(const BoundTree& tree, const SimulationOptions& options);

/// The same with an estimate made before.
CaseResult run_case(const BoundTree& tree, const Estimate& estimated, const SimulationOptions& options);

/// The estimate alone. What would keep the mapping from running becomes a warning.
/// `observer`: told of tile operations that are checked, if there is one.
CaseResult estimate_case(const BoundTree& tree, Diagnostics& diagnostics, RunObserver* observer = nullptr);

}  // namespace loopsim
