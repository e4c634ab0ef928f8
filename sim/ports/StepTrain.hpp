#pragma once

#include <cstdint>

#include "base/Quantity.hpp"
#include "sim/noc/ArrayNetwork.hpp"

namespace loopsim {

/// Steps of an array with equal demands, one every `interval`. Where a mesh sets the pace they need not begin with a
/// cycle.
struct StepTrain {
  Picoseconds begin;  ///< of the first
  Picoseconds interval;
  std::int64_t steps = 0;
  LoadId load;  ///< of each, on the network

  /// Whether `next` goes on where this ends.
  bool continues_with(const StepTrain& next) const {
    if (load != next.load || next.begin != begin + interval * steps) return false;
    return next.steps == 1 || next.interval == interval;
  }
};

/// Who is told of the steps of an array, in order.
struct StepTrainSink {
  virtual ~StepTrainSink() = default;
  virtual void steps_taken(const StepTrain& train) = 0;
};

}  // namespace loopsim
