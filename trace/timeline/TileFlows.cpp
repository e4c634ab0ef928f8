#include "trace/timeline/TileFlows.hpp"

#include <algorithm>

namespace loopsim {

namespace {

constexpr std::size_t kept_iterations = 8;

bool reads(const Einsum& einsum, TensorId tensor) {
  return std::any_of(einsum.inputs.begin(), einsum.inputs.end(),
                     [&](const TensorAccess& access) { return access.tensor == tensor; });
}

}  // namespace

TileFlows::TileFlows(const BoundTree& tree, const Schedule& schedule)
    : producers_(schedule.leaves.size()), iterations_(schedule.leaves.size()) {
  for (LeafIndex consumer = 0; consumer < schedule.leaves.size(); ++consumer) {
    const Leaf& reader = schedule.leaves[consumer];
    for (LeafIndex producer = 0; producer < schedule.leaves.size(); ++producer) {
      const Leaf& writer = schedule.leaves[producer];
      const TensorId tensor = tree.graph.einsums[writer.einsum].output.tensor;
      if (producer == consumer || !reads(tree.graph.einsums[reader.einsum], tensor)) continue;
      // The deepest branch that both are under.
      std::size_t depth = 0;
      while (depth < std::min(reader.branches.size(), writer.branches.size()) &&
             reader.branches[depth].node == writer.branches[depth].node) {
        ++depth;
      }
      if (depth == 0) continue;
      producers_[consumer].push_back({producer, depth - 1, depth - 1});
      iterations_[producer][depth - 1];
    }
  }
}

/// Odd, and transfers' even, so that they do not meet.
std::uint64_t TileFlows::flow_of(LeafIndex producer, std::size_t branch, std::int64_t iteration) {
  const std::uint64_t place = std::uint64_t(producer) << 8 | branch;
  return (place << 40 | static_cast<std::uint64_t>(iteration)) << 1 | 1;
}

TimelineFlow TileFlows::transfer_completed(std::int64_t transfer, const std::vector<OperationId>& users) {
  const std::uint64_t flow = static_cast<std::uint64_t>(transfer + 1) << 1;
  for (const OperationId& user : users) arrived_[{user.leaf, user.number}].push_back(flow);
  return {flow, true};
}

void TileFlows::operation_ended(const TileOperation& operation, std::vector<TimelineFlow>& flows) {
  flows.clear();
  const auto arrived = arrived_.find({operation.leaf, operation.number});
  if (arrived != arrived_.end()) {
    for (const std::uint64_t flow : arrived->second) flows.push_back({flow, false});
    arrived_.erase(arrived);
  }
  for (const Producer& producer : producers_[operation.leaf]) {
    const std::int64_t iteration = operation.iteration[producer.own_branch];
    const std::deque<std::int64_t>& done = iterations_[producer.leaf][producer.branch];
    // What it reads may all have been made in earlier iterations.
    if (std::find(done.begin(), done.end(), iteration) == done.end()) continue;
    flows.push_back({flow_of(producer.leaf, producer.branch, iteration), false});
  }
  for (auto& [branch, done] : iterations_[operation.leaf]) {
    const std::int64_t iteration = operation.iteration[branch];
    const bool begins = done.empty() || done.back() != iteration;
    flows.push_back({flow_of(operation.leaf, branch, iteration), begins});
    if (begins) done.push_back(iteration);
    if (done.size() > kept_iterations) done.pop_front();
  }
}

}  // namespace loopsim
