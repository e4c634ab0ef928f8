#include "sim/buffers/LevelUsage.hpp"

#include <algorithm>

namespace loopsim {

LevelUsage::Amount LevelUsage::total(LevelId level, const Place& place) const {
  Amount sum;
  for (const auto& [other, amount] : usage_.at(level)) {
    if (!starts_with(place, other)) continue;
    sum.words += amount.words;
    sum.live_words += amount.live_words;
    sum.bits += amount.bits;
  }
  return sum;
}

std::int64_t LevelUsage::most_bits(LevelId level, const Place& place) const {
  const auto usage = usage_.find(level);
  if (usage == usage_.end()) return 0;
  std::int64_t most = total(level, place).bits;
  for (const auto& [other, amount] : usage->second) {
    if (starts_with(other, place)) most = std::max(most, total(level, other).bits);
  }
  return most;
}

std::int64_t LevelUsage::most_words(LevelId level) const {
  const auto usage = usage_.find(level);
  std::int64_t most = 0;
  if (usage == usage_.end()) return most;
  for (const auto& [place, own] : usage->second) most = std::max(most, total(level, place).words);
  return most;
}

bool LevelUsage::note_peak(LevelId level, Place& where) {
  bool higher = false;
  Peak& peak = peaks_[level];
  for (const auto& [place, own] : usage_[level]) {
    const Amount amount = total(level, place);
    peak.words = std::max(peak.words, amount.words);
    peak.live_words = std::max(peak.live_words, amount.live_words);
    if (amount.bits > peak.bits) {
      peak.bits = amount.bits;
      where = place;
      higher = true;
    }
  }
  return higher;
}

}  // namespace loopsim
