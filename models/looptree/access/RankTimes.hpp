#pragma once

#include <functional>
#include <vector>

#include "models/looptree/access/LeafLoops.hpp"

namespace loopsim {

/// The iterations of the temporal loops of one rank, as a sorted list of index vectors (`width` numbers each).
/// Iterations without coordinates in any spatial instance do not exist.
struct RankTimes {
  std::size_t width = 0;
  std::vector<Coordinate> rows;
  std::size_t count = 1;  ///< a rank without temporal loops has one iteration of no indices

  friend bool operator==(const RankTimes& a, const RankTimes& b) { return a.count == b.count && a.rows == b.rows; }
};

/// Iterations of the loops of `rank` among `loops` over the coordinates `range`, which must not be empty.
RankTimes rank_times(const BoundTree& tree, const std::vector<NodeId>& loops, std::size_t rank,
                     const IntervalSet& range);

/// The same for the loops that `counted` accepts, whatever their kind.
RankTimes rank_indices(const BoundTree& tree, const std::vector<NodeId>& loops, std::size_t rank,
                       const IntervalSet& range, const std::function<bool(const BoundNode&)>& counted);

/// Is every iteration of `part` one of `whole`?
bool includes(const RankTimes& whole, const RankTimes& part);

}  // namespace loopsim
