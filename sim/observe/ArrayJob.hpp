#pragma once

#include "base/Quantity.hpp"
#include "sim/attribution/StepSpent.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

struct ArrayOutcome;

/// What an array works on.
struct ArrayJob {
  StageIndex stage = 0;
  LeafIndex leaf = 0;
  const ArrayOutcome* outcome = nullptr;
};

/// Cycles of a job.
struct ArraySpent {
  StepSpent steps;      ///< with what the array itself takes beyond them
  Cycle operand_delay;  ///< on the way to the PEs; a wait for the network
  Cycle result_delay;   ///< on the way back, while the array is free again
};

/// The PE arrays, as the sequencer sees them.
struct ArraySink {
  virtual ~ArraySink() = default;
  virtual void execute(const ArrayJob& job) = 0;
  /// Of the job that has just ended.
  virtual ArraySpent spent(StageIndex stage) const = 0;
};

}  // namespace loopsim
