#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "arch/Architecture.hpp"
#include "models/tree/BoundTree.hpp"
#include "sim/Measurement.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

struct RunObserver;

struct SimulationOptions {
  Fidelity fidelity = Fidelity::ideal;
  bool only = false;                        ///< of the rung's effects just the one that it adds, the rest ideal
  bool functional = false;                  ///< carry values through the buffers and compare the outputs
  RunObserver* observer = nullptr;          ///< told what happens, if there is one
  const std::atomic<bool>* stop = nullptr;  ///< ends the run when it becomes true, if there is one
  /// For tests: builds the machine's modules in an order that follows from this number; 0 = as always. No result
  /// depends on it.
  std::uint32_t build_seed = 0;
};

/// The simulated machine cannot go on: who waits for whom. Exit code 75.
struct DeadlockError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `SimulationOptions::stop` became true.
struct InterruptedError : std::runtime_error {
  InterruptedError() : std::runtime_error("interrupted") {}
};

/// Executes the mapping on the SystemC machine. SystemC allows one elaboration a process: call it once.
/// Throws InputError when the schedule does not fit a buffer or the PE mesh, DeadlockError when nothing can proceed,
/// InterruptedError.
Measurement simulate(const BoundTree& tree, const SimulationOptions& options);

/// The same with a schedule made elsewhere (make_schedule gives the right one).
Measurement simulate(const BoundTree& tree, const Schedule& schedule, const SimulationOptions& options);

/// Of a run with these options.
inline Effects effects_of(const SimulationOptions& options) {
  return options.only ? only_effect_of(options.fidelity) : effects_of(options.fidelity);
}

/// The checks that `simulate` makes before it starts, as diagnostics: buffer sizes, PE mesh and partitions, main
/// memory. Throws InputError where the schedule cannot be executed at all, LimitError.
void check_simulation(const BoundTree& tree, const SimulationOptions& options, Diagnostics& diagnostics);
void check_fit(const BoundTree& tree, Fidelity fidelity, Diagnostics& diagnostics, RunObserver* observer = nullptr);

}  // namespace loopsim
