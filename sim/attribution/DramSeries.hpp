#pragma once

#include <cstdint>
#include <vector>

#include "base/Quantity.hpp"

namespace loopsim {

/// What main memory did in a while. Rows are counted from the rung `dram` on.
struct DramActivity {
  std::int64_t read_bytes = 0;
  std::int64_t write_bytes = 0;
  std::int64_t row_hits = 0;
  std::int64_t row_misses = 0;
  std::int64_t row_conflicts = 0;

  DramActivity& operator+=(const DramActivity& other) {
    read_bytes += other.read_bytes;
    write_bytes += other.write_bytes;
    row_hits += other.row_hits;
    row_misses += other.row_misses;
    row_conflicts += other.row_conflicts;
    return *this;
  }
};

/// The activity of equal intervals, the first of which begins at cycle 0. A run that outgrows them makes two into one,
/// so that memory and time do not grow with its length.
class DramSeries {
 public:
  static constexpr std::size_t most_intervals = 256;

  /// Counts a burst in the interval that it ends in: in cycle `end` − 1.
  void add(Cycle end, const DramActivity& burst);

  Cycle interval() const { return Cycle(std::int64_t{1} << shift_); }
  /// Up to the last burst.
  const std::vector<DramActivity>& intervals() const { return intervals_; }

 private:
  int shift_ = 6;  ///< log2 of the interval: at first 64 cycles, which is long beside a burst
  std::vector<DramActivity> intervals_;
};

}  // namespace loopsim
