#pragma once

#include "base/Quantity.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/attribution/PortWait.hpp"

namespace loopsim {

/// What steps take of time: at their own pace, and waits by cause.
struct StepSpent {
  Cycle compute;
  Cycle stall[stall_causes];
  WaitTimes waits;  ///< of each cause they sum to its stall

  Cycle total() const;
  StepSpent& operator+=(const StepSpent& other);
  StepSpent& operator-=(const StepSpent& other);
};

}  // namespace loopsim
