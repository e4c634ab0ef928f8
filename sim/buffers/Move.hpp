#pragma once

#include <cstdint>
#include <vector>

#include "base/Quantity.hpp"
#include "sim/buffers/HoldingNode.hpp"

namespace loopsim {

/// Words of one instance.
struct LaneWords {
  Place place;
  PointSet words;
};

/// Words to move between a storage node and its parent.
struct Move {
  enum class Kind { fill, drain };
  Kind kind = Kind::fill;
  HoldingIndex child = 0;
  HoldingIndex parent = 0;
  std::vector<LaneWords> lanes;    ///< by instance of the child
  std::vector<LaneWords> peers;    ///< fill: of these, words that an instance gets from a neighbour
  EinsumId einsum;                 ///< charged with it
  Words read;                      ///< out of the source (a fill reads a word once for all instances)
  Words written;                   ///< into the destination
  std::vector<LaneWords> leaving;  ///< drain: words the child gives up when they have been written
  std::int64_t iteration = 0;      ///< drain: of the child
};

/// Words over all lanes.
std::int64_t all_words(const std::vector<LaneWords>& lanes);
/// Distinct words over the lanes that share an instance of the parent: one read serves them all.
std::int64_t distinct_words(const std::vector<LaneWords>& lanes, std::size_t parent_place_size);

/// Words of a move with main memory that cross its pins: those that an instance gets from a neighbour do not.
PointSet words_over_pins(const Move& move);

}  // namespace loopsim
