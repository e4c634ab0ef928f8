#include "sim/sequencer/TwoSlotRecurrence.hpp"

#include <algorithm>

namespace loopsim {

TwoSlotRecurrence::TwoSlotRecurrence(const Schedule& schedule)
    : schedule_(&schedule), stage_free_(schedule.stages.size()) {}

/// When all iterations before `before` of a branch's child had finished.
std::int64_t TwoSlotRecurrence::finish_of(NodeId branch, std::size_t child, std::int64_t before) const {
  const auto found = finishes_.find({branch, child});
  if (found == finishes_.end()) return 0;
  std::int64_t latest = 0;
  for (const auto& [iteration, finish] : found->second) {
    if (iteration < before) latest = std::max(latest, finish);
  }
  return latest;
}

void TwoSlotRecurrence::add(const TileOperation& operation, std::int64_t steps) {
  const Leaf& leaf = schedule_->leaves[operation.leaf];
  std::int64_t start = stage_free_[leaf.stage];
  for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
    const BranchStep& step = leaf.branches[b];
    const std::int64_t iteration = operation.iteration[b];
    if (step.kind == NodeKind::sequential) {
      for (const auto& [key, finishes] : finishes_) {
        if (key.first != step.node) continue;
        const bool earlier_child = key.second < step.child;
        start = std::max(start, finish_of(step.node, key.second, earlier_child ? iteration + 1 : iteration));
      }
    } else {
      for (std::size_t child : step.producers) start = std::max(start, finish_of(step.node, child, iteration + 1));
      for (std::size_t child : step.consumers) start = std::max(start, finish_of(step.node, child, iteration - 1));
    }
  }
  const std::int64_t finish = start + steps;
  stage_free_[leaf.stage] = finish;
  end_ = std::max(end_, finish);
  for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
    Finishes& finishes = finishes_[{leaf.branches[b].node, leaf.branches[b].child}];
    if (finishes.empty() || finishes.back().first != operation.iteration[b]) {
      finishes.emplace_back(operation.iteration[b], finish);
    } else {
      finishes.back().second = std::max(finishes.back().second, finish);
    }
    while (finishes.size() > 4) {  // nobody looks further back than two iterations
      finishes[1].second = std::max(finishes[1].second, finishes[0].second);
      finishes.pop_front();
    }
  }
}

}  // namespace loopsim
