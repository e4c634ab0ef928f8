#pragma once

#include <stdexcept>

namespace loopsim {

/// The simulated machine cannot go on: who waits for whom. Exit code 75.
struct DeadlockError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `SimulationOptions::stop` became true.
struct InterruptedError : std::runtime_error {
  InterruptedError() : std::runtime_error("interrupted") {}
};

}  // namespace loopsim
