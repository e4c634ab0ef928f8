#pragma once

#include <cstdint>
#include <vector>

#include "models/looptree/access/TileLists.hpp"

namespace loopsim {

/// When an einsum works: its steps in each iteration of the temporal loops and branches above its leaf loops.
/// A step is one temporal iteration with work; instances run in lock step (R12).
struct EinsumTimeline {
  std::vector<NodeId> nodes;        ///< temporal loops and branches above the leaf loops, from the root down
  std::vector<Coordinate> times;    ///< their indices, row-major, one row an entry of `steps`
  std::vector<std::int64_t> steps;  ///< of one cycle each

  std::int64_t ops = 0;
  std::int64_t distinct_ops = 0;
  std::vector<std::int64_t> ops_per_tile;    ///< over the loops above the outermost branch
  std::vector<std::int64_t> steps_per_tile;  ///< over the temporal ones of them
};

EinsumTimeline einsum_timeline(const BoundTree& tree, EinsumId einsum, TileLists& tiles);

}  // namespace loopsim
