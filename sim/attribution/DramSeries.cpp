#include "sim/attribution/DramSeries.hpp"

#include <algorithm>

namespace loopsim {

void DramSeries::add(Cycle end, const DramActivity& burst) {
  const auto cycle = static_cast<std::uint64_t>(std::max<std::int64_t>(end.value - 1, 0));
  while ((cycle >> shift_) >= most_intervals) {
    for (std::size_t i = 0; i < intervals_.size(); ++i) {
      const DramActivity activity = intervals_[i];
      if (i % 2 == 0) {
        intervals_[i / 2] = activity;
      } else {
        intervals_[i / 2] += activity;
      }
    }
    intervals_.resize((intervals_.size() + 1) / 2);
    ++shift_;
  }
  const std::size_t index = cycle >> shift_;
  if (index >= intervals_.size()) intervals_.resize(index + 1);
  intervals_[index] += burst;
}

}  // namespace loopsim
