#pragma once

#include "base/Quantity.hpp"
#include "sim/attribution/StepSpent.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

struct ArrayOutcome;

/// Cycles of a tile operation on its array.
struct ArraySpent {
  StepSpent steps;      ///< with what the array itself takes beyond them
  Cycle operand_delay;  ///< on the way to the PEs; a wait for the network
  Cycle result_delay;   ///< on the way back, while the array is free again
};

/// The PE arrays, as the sequencer sees them.
struct ArraySink {
  virtual ~ArraySink() = default;
  /// Begins a tile operation on the partition of a stage, which must be free. Says what it does, as long as the program
  /// is loaded.
  virtual const ArrayOutcome& execute(StageIndex stage, const TileOperation& operation) = 0;
  /// Of the operation that has just ended.
  virtual ArraySpent spent(StageIndex stage) const = 0;
};

}  // namespace loopsim
