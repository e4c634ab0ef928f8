#pragma once

#include <atomic>
#include <cstdint>

#include "arch/Architecture.hpp"

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

/// Of a run with these options.
inline Effects effects_of(const SimulationOptions& options) {
  return options.only ? only_effect_of(options.fidelity) : effects_of(options.fidelity);
}

}  // namespace loopsim
