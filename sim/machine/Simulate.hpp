#pragma once

#include "mapping/BoundTree.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/checks/CheckSimulation.hpp"
#include "sim/schedule/Schedule.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

class Machine;

/// Executes the mapping on a SystemC machine of its own.
/// Throws InputError when the schedule does not fit a buffer or the PE mesh, DeadlockError when nothing can proceed,
/// InterruptedError.
Measurement simulate(const BoundTree& tree, const SimulationOptions& options);

/// The same with a schedule made elsewhere (make_schedule gives the right one).
Measurement simulate(const BoundTree& tree, const Schedule& schedule, const SimulationOptions& options);

/// The same on a machine that may have executed others before: nothing of them is left.
Measurement simulate(Machine& machine, const BoundTree& tree, const Schedule& schedule,
                     const SimulationOptions& options);

}  // namespace loopsim
