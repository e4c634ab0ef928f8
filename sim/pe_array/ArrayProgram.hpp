#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/tree/BoundTree.hpp"
#include "sim/glb/TensorLines.hpp"
#include "sim/pe_array/StepPacket.hpp"

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
  std::vector<std::optional<NodeId>> changes_with;  ///< by rank: see LoopChanges::innermost
};

ArrayProgram array_program(const BoundTree& tree, EinsumId einsum);

/// What one spatial instance of the loops above the cut does in one tile operation.
struct ArrayLane {
  std::vector<Coordinate> place;  ///< indices of the spatial loops above the cut, from the root down
  PointSet operations;            ///< may be empty: the instance idles
};

/// A kind of step: bits that it moves over the ports of levels outside the array, all lanes of one instance of that
/// level, and the cycles its private buffers need.
struct ArrayStep {
  std::int64_t cycles_per_step = 1;  ///< Einsum::steps_per_operation, or more where a private buffer's port is slower
  std::vector<std::int64_t> read_bits;  ///< by level outside the array (index 0, 1)
  std::vector<std::int64_t> write_bits;
  BankLines bank_reads;  ///< line accesses at each bank of level 1; empty if it has none
  BankLines bank_writes;
  std::vector<const std::vector<StepPacket>*> packets;  ///< on the rung `noc`; they live as long as the executor
  EinsumId einsum{};
  std::vector<TensorId> most_read{};  ///< by level: whose words most of read_bits are
  std::vector<TensorId> most_written{};
};

/// Equal steps that follow each other.
struct StepRun {
  std::int64_t steps = 0;
  const ArrayStep* step = nullptr;  ///< lives as long as the executor
};

/// Words moved at one point of the hierarchy inside the array: between a storage node of the array, or the MACs, and
/// the nearest storage node of the same tensor above it. Totals over instances. "Distinct" = one for all instances
/// that take the word from the same instance of the parent in the same step (multicast; for outputs reduction).
struct ArrayTraffic {
  std::int64_t touched_fills = 0;   ///< sum over instances of |tile \ previous tile|; at the MACs: every operand
  std::int64_t touched_parent = 0;  ///< distinct words of those that do not come from a peer (rule R6)
  /// As touched_parent by LoopTree's rule, which multicasts only among the instances of this point's own level: where
  /// a tensor bypasses a level, that level's instances each take their copy (R6).
  std::int64_t ruled_parent = 0;
  std::int64_t touched_max_occupancy = 0;
  std::int64_t peers = 0;         ///< fills taken from a neighbour that held the word
  std::int64_t moved_fills = 0;   ///< as touched_fills, without words outside the tensor's extent
  std::int64_t moved_parent = 0;  ///< as touched_parent, without words outside the tensor's extent
  /// Words that LoopTree has a neighbour give in the same step (ArrayPoint::at_once), and by how many words
  /// ruled_parent would be less.
  std::int64_t at_once_peers = 0;
  std::int64_t at_once_parent = 0;
  /// Of ruled_parent, words that other instances have taken before, where LoopTree has all take them at one time
  /// (ArrayPoint::stays).
  std::int64_t apart_parent = 0;
  // outputs only
  std::int64_t first_updates = 0;     ///< distinct words whose accumulation begins with this visit
  std::int64_t reduction_starts = 0;  ///< copies that start at zero because another instance takes the partial sum
  // with banks in the parent
  std::int64_t line_steps = 0;   ///< steps that take lines of the tensor
  std::int64_t lines = 0;        ///< that they take, of the busier direction
  std::int64_t bank_cycles = 0;  ///< sum over these steps of the lines at the bank that has most of them
};

/// Adds `times` times a part's counts.
void add(ArrayTraffic& total, const ArrayTraffic& part, std::int64_t times);

/// What one tile operation does in the array; the same for congruent tiles, so it can be shared.
struct ArrayOutcome {
  std::int64_t steps = 0;  ///< temporal steps with work, times steps_per_operation
  std::int64_t operations = 0;
  std::vector<StepRun> runs;  ///< in order
  /// One entry for each (node of the program that stores, or the compute node, and tensor): see traffic_points().
  std::vector<ArrayTraffic> traffic;
};

/// Where ArrayOutcome::traffic is counted.
struct TrafficPoint {
  NodeId node;  ///< storage node of the array, or the compute node
  TensorId tensor;
  bool output = false;
  std::optional<NodeId> parent;  ///< nearest storage node of the tensor above; outside the array or in it
};
std::vector<TrafficPoint> traffic_points(const BoundTree& tree, const ArrayProgram& program);

}  // namespace loopsim
