#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/schedule/ArrayCut.hpp"

namespace loopsim {

/// Words moved at one point of the hierarchy inside the array: between a storage node of the array, or the MACs, and
/// the nearest storage node of the same tensor above it. Totals over instances. "Distinct" = one for all instances
/// that take the word from the same instance of the parent in the same step (multicast; for outputs reduction).
struct ArrayTraffic {
  std::int64_t touched_fills = 0;   ///< sum over instances of |tile \ previous tile|; at the MACs: every operand
  std::int64_t touched_parent = 0;  ///< distinct words of those that do not come from a peer (rule R6)
  /// As touched_parent by LoopTree's rule, which multicasts among the instances of this point's own level: where a
  /// tensor bypasses a level, that level's instances each take their copy, and where a loop of this level lies above
  /// the parent, all take one (R6).
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

/// Where ArrayOutcome::traffic is counted.
struct TrafficPoint {
  NodeId node;  ///< storage node of the array, or the compute node
  TensorId tensor;
  bool output = false;
  std::optional<NodeId> parent;  ///< nearest storage node of the tensor above; outside the array or in it
};
std::vector<TrafficPoint> traffic_points(const BoundTree& tree, const ArrayProgram& program);

}  // namespace loopsim
