#pragma once

#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Where the accumulation of every output word of an einsum begins and where it ends, in the order in which its tile
/// operations are executed: coordinates of its reduction ranks. Instances of a spatial loop work side by side, and the
/// first of them has the largest tile, so it is the one that ends last.
struct ReductionEdges {
  std::vector<Coordinate> first;
  std::vector<Coordinate> last;
};
ReductionEdges reduction_edges(const BoundTree& tree, const Leaf& leaf);

}  // namespace loopsim
