#pragma once

#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// The part of an einsum's path below its last branch (without a branch: all of it). There the einsum is alone, so
/// loops cut its ranks independently of each other.
struct LeafLoops {
  EinsumId einsum;
  NodeId top;                 ///< the first node of the part; iterations above it are those of its ancestors
  std::vector<NodeId> loops;  ///< temporal and spatial, from the outside in
};

LeafLoops leaf_loops(const BoundTree& tree, EinsumId einsum);

/// The outermost branch node on the path of an einsum, if any.
std::optional<NodeId> outermost_branch(const BoundTree& tree, EinsumId einsum);

}  // namespace loopsim
