#pragma once

#include "arch/dram/DramConstraint.hpp"
#include "base/Quantity.hpp"

namespace loopsim {

/// The command clock of a DRAM against simulated time: cycle n begins n / hertz after time zero. A picosecond is the
/// finest there is, so that a moment lies less than one off, and errors do not add up.
class DramClock {
 public:
  explicit DramClock(std::int64_t hertz) : hertz_(hertz) {}

  /// The last picosecond at or before the cycle's beginning; cycle_from() gives the cycle back.
  Picoseconds begin(DramCycles cycle) const { return scaled(cycle, 0); }
  /// The first picosecond at or after it: nothing is there too early.
  Picoseconds after(DramCycles cycle) const { return scaled(cycle, hertz_ - 1); }
  /// The first cycle that begins at or after a time.
  DramCycles cycle_from(Picoseconds time) const {
    const WideCount product = static_cast<WideCount>(time.value) * hertz_;  // exceeds 64 bits from 8 ms on
    return DramCycles(static_cast<std::int64_t>((product + picoseconds_in_second - 1) / picoseconds_in_second));
  }

 private:
  static constexpr std::int64_t picoseconds_in_second = 1'000'000'000'000;

  Picoseconds scaled(DramCycles cycle, std::int64_t up) const {
    const WideCount product = static_cast<WideCount>(cycle.value) * picoseconds_in_second;
    return narrowed<PicosecondsUnit>((product + up) / hertz_);
  }

  std::int64_t hertz_;
};

}  // namespace loopsim
