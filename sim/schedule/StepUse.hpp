#pragma once

#include <cstdint>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// What the steps of each einsum hold at most, in any of its tile operations: the operations that run at one time, and
/// over how many PEs each spatial loop unrolls.
class StepUse {
 public:
  StepUse(const BoundTree& tree, const Schedule& schedule);
  void visit(const TileOperation& operation);

  /// One for each PE that the spatial loops unroll over, times what no loop takes one by one.
  std::int64_t operations(LeafIndex leaf) const { return largest_[leaf].operations; }
  /// PEs that the spatial loops unroll over in such a step.
  std::int64_t unrolled(LeafIndex leaf) const { return largest_[leaf].unrolled; }
  /// Coordinates of each rank that such a step leaves to each PE.
  const std::vector<std::int64_t>& left(LeafIndex leaf) const { return largest_[leaf].left; }
  /// The most PEs that one spatial loop unrolls over.
  std::int64_t unrolled_by(NodeId loop) const { return by_loop_[loop]; }

  /// Operations of the steps that run at one time: children of a pipeline run side by side.
  std::int64_t operations_below(NodeId node) const;

 private:
  struct LargestStep {
    std::int64_t operations = 1;
    std::int64_t unrolled = 1;
    std::vector<std::int64_t> left;
  };

  const BoundTree* tree_;
  const Schedule* schedule_;
  std::vector<LargestStep> largest_;
  IdVector<NodeId, std::int64_t> by_loop_;
};

}  // namespace loopsim
