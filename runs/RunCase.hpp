#pragma once

#include "mapping/BoundTree.hpp"
#include "models/table/Estimates.hpp"
#include "runs/CaseResult.hpp"
#include "sim/machine/Simulate.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

/// Estimates, simulates and compares. Throws InputError when the mapping does not fit the machine, DeadlockError when
/// it gets stuck, and std::logic_error when the run broke a conservation law, because then no number of it can be
/// trusted.
CaseResult run_case(const BoundTree& tree, const SimulationOptions& options);

/// The same with estimates made before.
CaseResult run_case(const BoundTree& tree, const Estimates& estimates, const SimulationOptions& options);

/// The estimates alone. What would keep the mapping from running becomes a warning.
/// `models`: those asked for beside the figures that every run has.
/// `observer`: told of tile operations that are checked, if there is one.
CaseResult estimate_case(const BoundTree& tree, const std::vector<AnalyticalModel>& models, Diagnostics& diagnostics,
                         RunObserver* observer = nullptr);

}  // namespace loopsim
