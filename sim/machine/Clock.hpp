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
  Cycle edge(Picoseconds time) const { return Cycle((time.value + period.value - 1) / period.value); }
  Picoseconds round_up(Picoseconds time) const { return at(edge(time)); }
};

/// Time to move bits at a rate, rounded up to a picosecond.
inline Picoseconds transfer_time(std::int64_t bits, std::int64_t bits_per_second) {
  __extension__ using Wide = unsigned __int128;  // bits in picoseconds exceed 64 bits from 2 MB on
  const Wide scaled = static_cast<Wide>(bits) * 1'000'000'000'000u;
  const Wide rate = static_cast<Wide>(bits_per_second);
  return Picoseconds(static_cast<std::int64_t>((scaled + rate - 1) / rate));
}

}  // namespace loopsim
