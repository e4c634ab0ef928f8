#pragma once

#include <cstdint>

#include "base/Quantity.hpp"

namespace loopsim {

/// The core clock: cycle n begins at n * period.
struct Clock {
  Picoseconds period;

  explicit Clock(std::int64_t hertz) : period((1'000'000'000'000 + hertz / 2) / hertz) {}

  Picoseconds at(Cycle cycle) const { return period * cycle.value; }
  /// The first edge at or after a time.
  Cycle edge(Picoseconds time) const { return Cycle(ceil_divide(time.value, period.value)); }
  Picoseconds round_up(Picoseconds time) const { return at(edge(time)); }
};

/// Time to move bits at a rate, rounded up to a picosecond.
inline Picoseconds transfer_time(std::int64_t bits, std::int64_t bits_per_second) {
  const WideCount scaled = static_cast<WideCount>(bits) * 1'000'000'000'000;  // exceeds 64 bits from 2 MB on
  return narrowed<PicosecondsUnit>((scaled + bits_per_second - 1) / bits_per_second);
}

}  // namespace loopsim
