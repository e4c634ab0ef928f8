#pragma once

#include <cstdint>

#include "mapping/BoundTree.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// In which order the tile operations of an untimed run come. `sequential`: all in tree order. Otherwise stages run
/// beside each other as the two slots of pipelines allow, in an order drawn from `seed`.
struct UntimedOrder {
  bool sequential = true;
  std::uint32_t seed = 0;
};

/// Executes the schedule functionally without a machine: moves take no time and nothing is ever full. What is wrong
/// with the outputs then lies in tile inference or in what the buffers hold, not in timing. Throws std::logic_error if
/// the order deadlocks or an operation's words cannot be had.
FunctionalResult untimed_run(const BoundTree& tree, const UntimedOrder& order = {});

}  // namespace loopsim
