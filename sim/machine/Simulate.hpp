#pragma once

#include "mapping/BoundTree.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/checks/CheckSimulation.hpp"
#include "sim/schedule/Schedule.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

/// Executes the mapping on the SystemC machine. SystemC allows one elaboration a process: call it once.
/// Throws InputError when the schedule does not fit a buffer or the PE mesh, DeadlockError when nothing can proceed,
/// InterruptedError.
Measurement simulate(const BoundTree& tree, const SimulationOptions& options);

/// The same with a schedule made elsewhere (make_schedule gives the right one).
Measurement simulate(const BoundTree& tree, const Schedule& schedule, const SimulationOptions& options);

}  // namespace loopsim
