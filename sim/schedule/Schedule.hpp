#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/schedule/ArrayCut.hpp"
#include "sim/schedule/IterationWindow.hpp"

namespace loopsim {

/// Position of an einsum's compute node among all of the tree's, in tree order.
using LeafIndex = std::size_t;
using StageIndex = std::size_t;

/// One tile operation: what one einsum does in one iteration of the loops above its part of the array.
struct TileOperation {
  LeafIndex leaf = 0;
  std::int64_t number = 0;  ///< among the leaf's
  TimeIndex time;
  std::vector<ArrayLane> lanes;
  std::optional<NodeId> advanced;       ///< see ArrayExecutor::execute
  std::vector<std::int64_t> iteration;  ///< number of the current iteration at each of Leaf::branches
};

/// A branch node on an einsum's path.
struct BranchStep {
  NodeId node;
  NodeKind kind = NodeKind::sequential;
  std::size_t child = 0;               ///< which child leads to the einsum
  std::vector<std::size_t> producers;  ///< children whose einsums write what this child's read
  std::vector<std::size_t> consumers;  ///< children whose einsums read what this child's write
};

/// One einsum's place in the schedule.
struct Leaf {
  EinsumId einsum;
  ArrayProgram program;
  StageIndex stage = 0;
  std::vector<BranchStep> branches;  ///< from the root down
};

/// A part of the PE array that works by itself: a child of a pipeline, or all of a tree without one.
struct Stage {
  std::string name;               ///< its einsums joined by '+'
  std::vector<LeafIndex> leaves;  ///< in tree order
};

/// Which einsums share the array and in which order their tile operations depend on each other.
struct Schedule {
  std::vector<Leaf> leaves;   ///< in tree order
  std::vector<Stage> stages;  ///< in tree order of their first einsum
};

Schedule make_schedule(const BoundTree& tree);

/// "Conv1 tile [0, 3]"
std::string describe(const BoundTree& tree, const Schedule& schedule, const TileOperation& operation);

/// The tile operations of one leaf in order, produced as they are asked for.
class OperationStream {
 public:
  OperationStream(const BoundTree& tree, const Schedule& schedule, LeafIndex leaf);

  /// The k-th operation not yet taken, or nullptr past the last one.
  const TileOperation* peek(std::size_t k);
  TileOperation take();

 private:
  bool produce();
  std::optional<NodeId> advanced_loop(const TimeIndex& before, const TimeIndex& now) const;

  const Leaf* leaf_;
  LeafIndex index_;
  TimeStream stream_;
  std::vector<IterationWindow> branch_iterations_;  ///< parallel to Leaf::branches
  std::vector<NodeId> time_;                        ///< nodes that the indices of a time belong to
  std::deque<TileOperation> ahead_;
  std::optional<TimeIndex> previous_;
  std::int64_t produced_ = 0;
};

}  // namespace loopsim
