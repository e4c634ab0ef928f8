#include "sim/schedule/HoldingNode.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

/// Leaves whose einsum uses the node's tensor and on whose path, outside the array, the node lies.
std::vector<LeafIndex> users_of(const BoundTree& tree, const Schedule& schedule, NodeId id) {
  std::vector<LeafIndex> users;
  const BoundNode& node = tree.nodes[id];
  for (LeafIndex l = 0; l < schedule.leaves.size(); ++l) {
    const Leaf& leaf = schedule.leaves[l];
    if (std::find(node.einsums.begin(), node.einsums.end(), leaf.einsum) == node.einsums.end()) continue;
    const auto& in_array = leaf.program.nodes;
    if (std::find(in_array.begin(), in_array.end(), id) != in_array.end()) continue;
    const auto accesses = accesses_of(tree.graph.einsums[leaf.einsum]);
    const auto uses = [&](const TensorAccess* access) { return access->tensor == node.tensor; };
    if (std::any_of(accesses.begin(), accesses.end(), uses)) users.push_back(l);
  }
  return users;
}

}  // namespace

std::vector<HoldingNode> holding_nodes(const BoundTree& tree, const Schedule& schedule) {
  std::vector<HoldingNode> nodes;
  std::map<NodeId, HoldingIndex> index_of;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const BoundNode& node = tree.nodes[NodeId(i)];
    if (node.kind != NodeKind::storage) continue;
    HoldingNode holding;
    holding.id = NodeId(i);
    holding.level = node.level;
    holding.tensor = node.tensor;
    holding.refetch = tree.architecture.memories[node.level.value].refetch;
    holding.early_write_back = tree.architecture.memories[node.level.value].early_write_back;
    holding.users = users_of(tree, schedule, holding.id);
    if (holding.users.empty()) continue;
    for (LeafIndex user : holding.users) {
      // What is made here is not fetched again.
      if (tree.graph.einsums[schedule.leaves[user].einsum].output.tensor == node.tensor) holding.refetch = false;
      holding.several_stages |= schedule.leaves[user].stage != schedule.leaves[holding.users.front()].stage;
    }
    for (NodeId above : indices_above(tree, holding.id))
      holding.place_size += tree.nodes[above].kind == NodeKind::spatial;
    for (std::optional<NodeId> above = node.parent; above && !holding.parent; above = tree.nodes[*above].parent) {
      const auto found = index_of.find(*above);
      if (found != index_of.end() && nodes[found->second].tensor == node.tensor) holding.parent = found->second;
    }
    if (holding.parent) nodes[*holding.parent].children.push_back(nodes.size());
    index_of[holding.id] = nodes.size();
    nodes.push_back(std::move(holding));
  }
  return nodes;
}

Place prefix_of(const Place& place, std::size_t size) {
  return Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(size));
}

bool starts_with(const Place& place, const Place& prefix) {
  return place.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), place.begin());
}

}  // namespace loopsim
