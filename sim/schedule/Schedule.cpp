#include "sim/schedule/Schedule.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace loopsim {

namespace {

bool reads_from(const BoundTree& tree, NodeId consumer, NodeId producer) {
  const auto& writers = tree.nodes[producer].einsums;
  for (EinsumId reader : tree.nodes[consumer].einsums) {
    for (const TensorAccess& input : tree.graph.einsums[reader].inputs) {
      const auto writer = tree.graph.tensors[input.tensor].writer;
      if (writer && std::find(writers.begin(), writers.end(), *writer) != writers.end()) return true;
    }
  }
  return false;
}

std::vector<BranchStep> branches_to(const BoundTree& tree, EinsumId einsum) {
  std::vector<BranchStep> result;
  for (NodeId id : path_to(tree, tree.compute_node[einsum])) {
    const BoundNode& node = tree.nodes[id];
    if (!is_branch(node.kind)) continue;
    BranchStep step;
    step.node = id;
    step.kind = node.kind;
    step.child = child_towards(tree, id, einsum);
    for (std::size_t other = 0; other < node.children.size(); ++other) {
      if (other == step.child) continue;
      if (reads_from(tree, node.children[step.child], node.children[other])) step.producers.push_back(other);
      if (reads_from(tree, node.children[other], node.children[step.child])) step.consumers.push_back(other);
    }
    result.push_back(std::move(step));
  }
  return result;
}

}  // namespace

Schedule make_schedule(const BoundTree& tree) {
  Schedule schedule;
  std::map<std::optional<NodeId>, StageIndex> stage_of_child;
  for (EinsumId einsum : tree.nodes[tree.root()].einsums) {
    Leaf leaf;
    leaf.einsum = einsum;
    leaf.program = array_program(tree, einsum);
    leaf.branches = branches_to(tree, einsum);
    std::optional<NodeId> partition;  // deepest enclosing child of a pipeline
    for (const BranchStep& step : leaf.branches) {
      if (step.kind == NodeKind::pipeline) partition = tree.nodes[step.node].children[step.child];
    }
    const auto [found, added] = stage_of_child.emplace(partition, schedule.stages.size());
    if (added) schedule.stages.emplace_back();
    leaf.stage = found->second;
    Stage& stage = schedule.stages[leaf.stage];
    stage.leaves.push_back(schedule.leaves.size());
    stage.name += (stage.name.empty() ? "" : "+") + tree.graph.einsums[einsum].name;
    schedule.leaves.push_back(std::move(leaf));
  }
  return schedule;
}

std::string describe(const BoundTree& tree, const Schedule& schedule, const TileOperation& operation) {
  const std::string& einsum = tree.graph.einsums[schedule.leaves[operation.leaf].einsum].name;
  return fmt::format("{} tile [{}]", einsum, fmt::join(operation.time, ", "));
}

OperationStream::OperationStream(const BoundTree& tree, const Schedule& schedule, LeafIndex leaf)
    : leaf_(&schedule.leaves[leaf]), index_(leaf), stream_(tree, leaf_->program.top, {leaf_->einsum}) {
  for (const BranchStep& step : leaf_->branches)
    branch_iterations_.emplace_back(tree, step.node, std::vector<EinsumId>{});
  for (NodeId above : indices_above(tree, leaf_->program.top)) {
    if (tree.nodes[above].kind != NodeKind::spatial) time_.push_back(above);
  }
}

/// A branch's index is the same in all operations of a leaf, so what differs is a loop's.
std::optional<NodeId> OperationStream::advanced_loop(const TimeIndex& before, const TimeIndex& now) const {
  const auto differs = std::mismatch(before.begin(), before.end(), now.begin());
  if (differs.first == before.end() || *differs.first + 1 != *differs.second) return std::nullopt;
  return time_[static_cast<std::size_t>(differs.first - before.begin())];
}

bool OperationStream::produce() {
  TimedIteration iteration;
  for (;;) {
    if (!stream_.next(iteration)) return false;
    const bool works = std::any_of(iteration.lanes.begin(), iteration.lanes.end(),
                                   [&](const Lane& lane) { return !lane.operations.at(leaf_->einsum).empty(); });
    if (works) break;
  }
  TileOperation operation;
  operation.leaf = index_;
  operation.number = produced_++;
  operation.time = iteration.time;
  for (Lane& lane : iteration.lanes) {
    operation.lanes.push_back({lane.place, std::move(lane.operations.at(leaf_->einsum))});
  }
  if (previous_) operation.advanced = advanced_loop(*previous_, operation.time);
  for (IterationWindow& window : branch_iterations_) {
    operation.iteration.push_back(window.ordinal(operation.time));
    window.forget_before(operation.iteration.back());
  }
  previous_ = operation.time;
  ahead_.push_back(std::move(operation));
  return true;
}

const TileOperation* OperationStream::peek(std::size_t k) {
  while (ahead_.size() <= k) {
    if (!produce()) return nullptr;
  }
  return &ahead_[k];
}

TileOperation OperationStream::take() {
  TileOperation first = std::move(ahead_.front());
  ahead_.pop_front();
  return first;
}

}  // namespace loopsim
