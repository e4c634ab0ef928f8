#pragma once

#include <optional>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Spatial indices that tell instances apart, from the root down.
using Place = std::vector<Coordinate>;
/// Index of a storage node outside the array in Holdings::nodes().
using HoldingIndex = std::size_t;

/// A storage node outside the array: one tensor's allocation in DRAM or the global buffer.
struct HoldingNode {
  NodeId id;
  LevelId level;
  TensorId tensor;
  std::optional<HoldingIndex> parent;  ///< nearest storage node of the tensor above
  std::vector<HoldingIndex> children;
  std::vector<LeafIndex> users;  ///< einsums below that access the tensor
  std::size_t place_size = 0;    ///< leading spatial indices that tell copies of its words apart
  /// By user: the last storage node of the level on its path. The spatial loops above it tell the level's instances
  /// apart (R3), also those below the node itself.
  std::vector<NodeId> last_of_level;
  /// Every instance that they tell apart has a copy of its own words.
  bool by_instance = false;
  /// They are told apart further than `place_size`: one copy serves several instances.
  bool shared = false;
  bool several_stages = false;  ///< its users work on different parts of the array
  bool made_here = false;       ///< one of its users writes the tensor
};

/// All of them, parents before children.
std::vector<HoldingNode> holding_nodes(const BoundTree& tree, const Schedule& schedule);

/// Number of spatial loops above a node.
std::size_t spatial_above(const BoundTree& tree, NodeId id);

/// The first indices of a place: the instance above that it belongs to.
Place prefix_of(const Place& place, std::size_t size);
bool starts_with(const Place& place, const Place& prefix);

}  // namespace loopsim
