#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "mapping/sets/IntervalSet.hpp"
#include "sim/pe_array/NumbersHash.hpp"

namespace loopsim {

using RankGridId = std::uint32_t;

/// What each instance executes of one rank, where operation sets are boxes and ranks therefore do not depend on each
/// other: one set for each combination of the indices of the spatial loops that tile this rank. Relative to the least
/// coordinate. An empty set: the instances there idle.
struct RankGrid {
  std::vector<std::size_t> sizes;  ///< number of indices of each spatial loop, from the outside in
  std::vector<IntervalSet> sets;   ///< row-major
  Coordinate length = 0;           ///< of the hull of all sets
  std::int64_t total = 0;          ///< sum of the sizes of the sets
};

/// A grid inside another one; offset between their least coordinates.
struct RankSlice {
  Coordinate index = 0;
  RankGridId grid = 0;
  Coordinate offset = 0;
};

/// The grids of one rank, interned.
class RankGrids {
 public:
  RankGridId intern(RankGrid grid, Coordinate& least);
  RankGridId whole(const IntervalSet& coordinates, Coordinate& least);
  const RankGrid& operator[](RankGridId id) const { return grids_[id]; }

  /// Iterations of a temporal loop; `key` names the loop.
  const std::vector<RankSlice>& iterations(std::size_t key, const BoundNode& loop, RankGridId id);
  /// One more axis for each spatial loop; the iterations of temporal ones unite. Loops from the outside in; `key` names
  /// the list.
  RankGridId split(std::size_t key, const std::vector<const BoundNode*>& loops, RankGridId id);

 private:
  static std::uint64_t key_of(std::size_t key, RankGridId id) { return (static_cast<std::uint64_t>(key) << 32U) | id; }

  std::deque<RankGrid> grids_;
  std::unordered_map<std::vector<std::int64_t>, RankGridId, NumbersHash> ids_;
  std::unordered_map<std::uint64_t, std::vector<RankSlice>> iterations_;
  std::unordered_map<std::uint64_t, RankGridId> splits_;
};

}  // namespace loopsim
