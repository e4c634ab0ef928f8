#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/glb/TensorLines.hpp"
#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

/// A traffic point with everything that follows from its place in the tree.
/// Instances are told apart by their *place*: the indices of all spatial loops on the path, from the root down. What a
/// node sees of it is a prefix, because the loops are in path order.
struct ArrayPoint {
  TrafficPoint traffic;
  std::vector<const TensorAccess*> accesses;  ///< of the einsum to the tensor; usually one
  bool reuses = false;                        ///< false at the MACs: every operand is filled in every step
  LevelId level;
  std::optional<LevelId> parent_level;
  std::int64_t bits = 0;         ///< of one word in the point's own memory; 0 at the MACs
  std::int64_t parent_bits = 0;  ///< of one word in the parent's memory

  /// Position in ArrayProgram::nodes: of the storage or compute node, or of the outermost of the temporal loops right
  /// above it that do not change its tile, as the tensor does not depend on them or they never iterate. The tile is
  /// held throughout them, also by an instance that idles in some of their iterations. 0 if no loop of the program
  /// changes it.
  std::size_t node = 0;
  std::size_t last_node = 0;     ///< of the level's last storage node, or the compute node: instances split down to it
  std::size_t place_length = 0;  ///< spatial loops above last_node, those above the cut included
  std::size_t parent_place_length =
      0;  ///< spatial loops above the parent level's last node: instances that share a parent
  std::vector<std::size_t> own_axes;  ///< positions in the place along which neighbours give words; empty = no peers
  /// The loop above the cut with whose next iteration they give words, where no loop of the program comes between: the
  /// innermost, or the innermost that changes a tile which the program's loops do not change.
  std::optional<NodeId> peers_after;
  /// A buffer's tile that no loop changes: by R5 all instances take it at one time, in the run each when it first
  /// works.
  bool stays = false;
  /// Loops above the cut, within the one that changes a tile which the program's loops do not change: their iterations
  /// are one moment to it (R5).
  std::vector<NodeId> held_through;
  /// Where no loop iterates since the instances of another level were told apart along this position in the place,
  /// LoopTree takes words from neighbours of the instance before that have them in the same step. None is moved so.
  std::optional<std::size_t> at_once;
  std::vector<std::size_t> level_axes;  ///< positions in the place of the spatial loops of the point's own level
  /// LoopTree multicasts to other instances than the machine does: to those of the point's own level. Spatial loops of
  /// another level lie between the parent and the point (the tensor bypasses that level), or some of the point's own
  /// level lie above the parent.
  bool multicasts_by_level = false;
  /// Some words may lie outside the tensor's extent, so that what moves differs from what is touched, or what is
  /// touched depends on where the tile lies.
  bool clipped = false;
  /// Where the words lie in the banks of the parent's memory, if it has any.
  std::optional<TensorLines> lines;
  /// Whether words between the point and its parent are packets of a network, and what one of them holds.
  bool sends_packets = false;
  std::int64_t packet_bits = 0;
  std::size_t operand = 0;  ///< of the einsum: inputs in order, then the output

  /// See ArrayExecutor::execute.
  bool takes_from_peers(std::optional<NodeId> advanced) const { return advanced && peers_after == advanced; }
  /// Whether an instance that idles now keeps its tile, as far as the loops tell.
  bool holds_through(std::optional<NodeId> advanced) const {
    return stays || (advanced && std::find(held_through.begin(), held_through.end(), *advanced) != held_through.end());
  }
};

/// The points of a program, in the order of traffic_points(). Where tiles change with a loop on whose rank their
/// tensor does not depend (held_through_loops) points are to stay `in_place`, at their own nodes.
std::vector<ArrayPoint> array_points(const BoundTree& tree, const ArrayProgram& program, bool in_place = false);

/// Number of spatial loops above the cut: the length of ArrayLane::place.
std::size_t lane_place_length(const BoundTree& tree, const ArrayProgram& program);

}  // namespace loopsim
