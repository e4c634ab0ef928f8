#pragma once

#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// The part of one einsum's path that the PE array executes by itself, step by step: everything below `cut`, the
/// deepest node that is a branch or a storage node of a level outside the array (level 0 or 1).
/// Above the cut the schedule moves tiles; each iteration there is one *tile operation* of the array.
struct ArrayProgram {
  EinsumId einsum;
  std::optional<NodeId> cut;  ///< nothing: the array's part starts at the root
  NodeId top;                 ///< first node below the cut; equals `compute` if there is none between
  std::vector<NodeId> nodes;  ///< from `top` to the compute node, both included
  NodeId compute;
  std::optional<NodeId> loop_above;  ///< the innermost index above the cut, where that is a temporal loop
  // What rule R5 asks of tiles in private buffers; where there are none, nothing.
  std::vector<bool> iterates;  ///< of each node: a temporal loop that has a second iteration in some tile operation
  /// Of each node: tensors kept in private buffers whose words stay the same throughout a temporal loop on whose rank
  /// they depend, as its other iterations reach nothing but padding.
  std::vector<std::vector<TensorId>> unchanged;
  std::vector<std::optional<NodeId>> changes_with;  ///< by rank: see LoopChanges::innermost
};

ArrayProgram array_program(const BoundTree& tree, EinsumId einsum);

/// What one spatial instance of the loops above the cut does in one tile operation.
struct ArrayLane {
  std::vector<Coordinate> place;  ///< indices of the spatial loops above the cut, from the root down
  PointSet operations;            ///< may be empty: the instance idles
};

}  // namespace loopsim
