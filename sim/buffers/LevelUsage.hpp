#pragma once

#include <cstdint>
#include <map>

#include "sim/buffers/HoldingNode.hpp"

namespace loopsim {

/// How much of each level is in use, by instance. A node above the spatial loops of its level is held by every
/// instance below, so an instance holds its own words and those of all its prefixes.
class LevelUsage {
 public:
  struct Amount {
    std::int64_t words = 0;
    std::int64_t live_words = 0;  ///< held and still to be read
    std::int64_t bits = 0;
  };
  struct Peak {
    std::int64_t words = 0;
    std::int64_t live_words = 0;
    std::int64_t bits = 0;
    std::map<NodeId, std::int64_t> words_by_node;  ///< when the most bits were held
  };

  Amount& at(LevelId level, const Place& place) { return usage_[level][place]; }
  /// The most bits that an instance at or below `place` holds.
  std::int64_t most_bits(LevelId level, const Place& place) const;
  /// The words of the fullest instance.
  std::int64_t most_words(LevelId level) const;
  /// Updates the peaks of a level; true when it holds more bits than ever at `where`.
  bool note_peak(LevelId level, Place& where);
  std::map<LevelId, Peak>& peaks() { return peaks_; }
  const std::map<LevelId, Peak>& peaks() const { return peaks_; }

 private:
  Amount total(LevelId level, const Place& place) const;

  std::map<LevelId, std::map<Place, Amount>> usage_;
  std::map<LevelId, Peak> peaks_;
};

}  // namespace loopsim
