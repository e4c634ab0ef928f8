#include "models/looptree/access/LeafLoops.hpp"

namespace loopsim {

LeafLoops leaf_loops(const BoundTree& tree, EinsumId einsum) {
  LeafLoops leaf;
  leaf.einsum = einsum;
  leaf.top = tree.root();
  const std::vector<NodeId> path = path_to(tree, tree.compute_node[einsum]);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const NodeKind kind = tree.nodes[path[i]].kind;
    if (is_loop(kind)) leaf.loops.push_back(path[i]);
    if (!is_branch(kind)) continue;
    leaf.loops.clear();
    leaf.top = path[i + 1];
  }
  return leaf;
}

std::optional<NodeId> outermost_branch(const BoundTree& tree, EinsumId einsum) {
  for (NodeId id : path_to(tree, tree.compute_node[einsum])) {
    if (is_branch(tree.nodes[id].kind)) return id;
  }
  return std::nullopt;
}

}  // namespace loopsim
