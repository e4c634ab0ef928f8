#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "sim/observe/RunObserver.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// Arrows of a timeline: from a tile's fill to the operation that waited for it, and from an operation to those that
/// read its result in the same iteration of the branch above both.
class TileFlows {
 public:
  TileFlows(const BoundTree& tree, const Schedule& schedule);

  /// The flow of a transfer that these operations wait for.
  TimelineFlow transfer_completed(std::int64_t transfer, const std::vector<OperationId>& users);
  /// All flows that an operation takes part in; to be called once for each, in the order in which they end.
  void operation_ended(const TileOperation& operation, std::vector<TimelineFlow>& flows);

 private:
  struct Producer {
    LeafIndex leaf = 0;
    std::size_t own_branch = 0;  ///< of the consumer's Leaf::branches
    std::size_t branch = 0;      ///< the same node in the producer's
  };

  static std::uint64_t flow_of(LeafIndex producer, std::size_t branch, std::int64_t iteration);

  std::vector<std::vector<Producer>> producers_;  ///< by leaf
  /// By leaf, at branches with consumers: the last iterations in which it did something. Readers are two behind at
  /// most.
  std::vector<std::map<std::size_t, std::deque<std::int64_t>>> iterations_;
  std::map<std::pair<LeafIndex, std::int64_t>, std::vector<std::uint64_t>> arrived_;  ///< of operations not ended
};

}  // namespace loopsim
