#include "sim/sequencer/Turns.hpp"

namespace loopsim {

Turns::Turns(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree), schedule_(&schedule), progress_(schedule.leaves.size()) {}

/// The stage of an einsum under the child that has not finished its first `iterations` iterations, if there is one
/// besides `except`.
std::optional<StageIndex> Turns::unfinished_stage(NodeId branch, std::size_t child, std::int64_t iterations,
                                                  std::optional<StageIndex> except) const {
  for (LeafIndex l = 0; l < schedule_->leaves.size(); ++l) {
    const Leaf& leaf = schedule_->leaves[l];
    if (!progress_[l] || leaf.stage == except) continue;
    for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
      const BranchStep& step = leaf.branches[b];
      if (step.node == branch && step.child == child && (*progress_[l])[b] < iterations) return leaf.stage;
    }
  }
  return std::nullopt;
}

Turn Turns::of(const TileOperation& operation) const {
  const Leaf& leaf = schedule_->leaves[operation.leaf];
  for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
    const BranchStep& step = leaf.branches[b];
    const std::int64_t iteration = operation.iteration[b];
    if (step.kind == NodeKind::sequential) {
      const std::size_t children = tree_->nodes[step.node].children.size();
      for (std::size_t child = 0; child < children; ++child) {
        // A pipeline in this child drains before the next iteration; its own array takes them in order anyway.
        const auto except = child == step.child ? std::optional(leaf.stage) : std::nullopt;
        const auto unfinished =
            unfinished_stage(step.node, child, child < step.child ? iteration + 1 : iteration, except);
        // Results of its own array are on their way; another array's turn leaves it idle.
        if (unfinished) return *unfinished == leaf.stage ? Turn::dependency : Turn::idle;
      }
    } else {
      for (std::size_t child : step.producers) {
        if (unfinished_stage(step.node, child, iteration + 1)) return Turn::dependency;
      }
      for (std::size_t child : step.consumers) {
        if (unfinished_stage(step.node, child, iteration - 1)) return Turn::slot;
      }
    }
  }
  return Turn::now;
}

}  // namespace loopsim
