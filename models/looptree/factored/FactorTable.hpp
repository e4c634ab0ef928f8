#pragma once

#include <cstdint>
#include <vector>

#include "models/looptree/factored/Factor.hpp"

namespace loopsim {

/// A factor's share of one tile: coordinates of its ranks, moved to start at 0.
struct FactorTile {
  std::uint64_t lane = 0;  ///< value of the outer lanes' digits of the lane index
  Coordinate offset = 0;   ///< of its words
  std::vector<IntervalSet> ranges;
  std::optional<IntervalSet> extent;  ///< what exists, relative to its first word; nothing = everything it can reach

  friend bool operator==(const FactorTile& a, const FactorTile& b) {
    return a.lane == b.lane && a.offset == b.offset && a.ranges == b.ranges && a.extent == b.extent;
  }
};

/// A factor's share of the tiles of one moment, side by side. What differs by a translation has the same shape.
struct FactorShape {
  std::vector<FactorTile> tiles;  ///< of the outer lanes; several of one lane unite
  /// Ranges of the instance that has all moments of those beside it; may be of another instance.
  std::vector<IntervalSet> longest;
};

/// Words of one factor at every moment, instance and lane.
struct FactorTable {
  /// Indices packed into one number each, sorted.
  std::vector<std::uint64_t> times;
  std::vector<std::uint64_t> instances;
  std::vector<std::uint64_t> lanes;
  /// By time, instance, lane.
  std::vector<IntervalSet> words;
  std::vector<char> exists;

  std::size_t cell(std::size_t time, std::size_t instance, std::size_t lane) const {
    return (time * instances.size() + instance) * lanes.size() + lane;
  }

  std::int64_t most_words = 0;  ///< of one cell
  std::int64_t cells = 0;       ///< that exist
};

FactorTable factor_table(const BoundTree& tree, const Factor& factor, const FactorShape& shape);

/// Do the words depend on the index of a loop of the factor, or of loops further in that are already known not to
/// matter? Only cells that exist are compared.
bool depends_on_loops_from(const Factor& factor, const FactorTable& table, std::size_t depth);

}  // namespace loopsim
