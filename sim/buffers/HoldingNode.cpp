#include "sim/buffers/HoldingNode.hpp"

#include <algorithm>
#include <map>

#include "mapping/sets/Projection.hpp"

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

NodeId last_storage_of_level(const BoundTree& tree, const Leaf& leaf, LevelId level) {
  NodeId last;
  for (NodeId id : path_to(tree, leaf.program.compute)) {
    if (tree.nodes[id].kind == NodeKind::storage && tree.nodes[id].level == level) last = id;
  }
  return last;
}

/// Is a tensor that only `leaf` uses below the node cut by the spatial loops down to `last` into words of each instance
/// alone? Only then has each a part of the result.
bool parts_result(const BoundTree& tree, const Leaf& leaf, NodeId node, NodeId last) {
  const Einsum& einsum = tree.graph.einsums[leaf.einsum];
  bool below = false;
  for (NodeId id : path_to(tree, last)) {
    below |= id == node;
    const BoundNode& loop = tree.nodes[id];
    if (!below || loop.kind != NodeKind::spatial) continue;
    if (loop.head != leaf.einsum || !depends_on(einsum.output, loop.rank)) return false;
  }
  return true;
}

/// Instances that fetch, or make, their words each by themselves have copies of their own. What one makes for others is
/// one copy for all: there is no way between them.
bool may_split(const BoundTree& tree, const Schedule& schedule, const HoldingNode& node) {
  const auto writes = [&](LeafIndex user) {
    return tree.graph.einsums[schedule.leaves[user].einsum].output.tensor == node.tensor;
  };
  for (std::size_t u = 0; u < node.users.size(); ++u) {
    const Leaf& leaf = schedule.leaves[node.users[u]];
    const auto& in_array = leaf.program.nodes;
    if (std::find(in_array.begin(), in_array.end(), node.last_of_level[u]) != in_array.end()) return false;
    if (spatial_above(tree, node.last_of_level[u]) != spatial_above(tree, node.last_of_level.front())) return false;
    if (!writes(node.users[u])) continue;
    if (node.users.size() > 1 || !parts_result(tree, leaf, node.id, node.last_of_level[u])) return false;
  }
  return true;
}

/// Does an instance read words of an intermediate that only another one has made? LoopTree's retention reaches from one
/// index of a spatial loop to the next.
bool made_by_others(const BoundTree& tree, const Schedule& schedule, const HoldingNode& node) {
  const auto writer = tree.graph.tensors[node.tensor].writer;
  std::vector<EinsumId> users;
  for (LeafIndex user : node.users) users.push_back(schedule.leaves[user].einsum);
  if (!writer || users.size() < 2 || std::find(users.begin(), users.end(), *writer) == users.end()) return false;
  TimeStream stream(tree, node.id, users);
  std::map<Place, PointSet> made;
  for (TimedIteration iteration; stream.next(iteration);) {
    for (const Lane& lane : iteration.lanes) {
      PointSet& own = made[lane.place];
      own.unite(stored_words(tree, tree.graph.einsums[*writer].output, lane.operations.at(*writer)));
      for (EinsumId user : users) {
        for (const TensorAccess& input : tree.graph.einsums[user].inputs) {
          if (input.tensor != node.tensor) continue;
          if (!includes(own, stored_words(tree, input, lane.operations.at(user)))) return true;
        }
      }
    }
  }
  return false;
}

void tell_instances_apart(const BoundTree& tree, const Schedule& schedule, std::vector<HoldingNode>& nodes) {
  for (HoldingIndex n = nodes.size(); n-- > 0;) {  // children before parents
    HoldingNode& node = nodes[n];
    if (node.place_size > 0 && !node.parent && made_by_others(tree, schedule, node)) node.place_size = 0;
    for (LeafIndex user : node.users) {
      node.last_of_level.push_back(last_storage_of_level(tree, schedule.leaves[user], node.level));
      node.shared |= spatial_above(tree, node.last_of_level.back()) > node.place_size;
    }
    if (!node.shared || !may_split(tree, schedule, node)) continue;
    const std::size_t size = spatial_above(tree, node.last_of_level.front());
    const bool fits = std::all_of(node.children.begin(), node.children.end(),
                                  [&](HoldingIndex child) { return nodes[child].place_size >= size; });
    if (!fits) continue;
    node.place_size = size;
    node.by_instance = true;
    node.shared = false;
  }
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
    holding.users = users_of(tree, schedule, holding.id);
    if (holding.users.empty()) continue;
    for (LeafIndex user : holding.users) {
      holding.made_here |= tree.graph.einsums[schedule.leaves[user].einsum].output.tensor == node.tensor;
      holding.several_stages |= schedule.leaves[user].stage != schedule.leaves[holding.users.front()].stage;
    }
    holding.place_size = spatial_above(tree, holding.id);
    for (std::optional<NodeId> above = node.parent; above && !holding.parent; above = tree.nodes[*above].parent) {
      const auto found = index_of.find(*above);
      if (found != index_of.end() && nodes[found->second].tensor == node.tensor) holding.parent = found->second;
    }
    if (holding.parent) nodes[*holding.parent].children.push_back(nodes.size());
    index_of[holding.id] = nodes.size();
    nodes.push_back(std::move(holding));
  }
  tell_instances_apart(tree, schedule, nodes);
  return nodes;
}

std::size_t spatial_above(const BoundTree& tree, NodeId id) {
  const std::vector<NodeId> above = indices_above(tree, id);
  return static_cast<std::size_t>(std::count_if(
      above.begin(), above.end(), [&](NodeId index) { return tree.nodes[index].kind == NodeKind::spatial; }));
}

Place prefix_of(const Place& place, std::size_t size) {
  return Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(size));
}

bool starts_with(const Place& place, const Place& prefix) {
  return place.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), place.begin());
}

}  // namespace loopsim
