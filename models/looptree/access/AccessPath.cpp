#include "models/looptree/access/AccessPath.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// R3: a buffer's occupancy runs over all indices down to its last storage node on the path.
NodeId last_storage_of_level(const BoundTree& tree, EinsumId einsum, LevelId level) {
  NodeId last;
  for (NodeId id : path_to(tree, tree.compute_node[einsum])) {
    const BoundNode& node = tree.nodes[id];
    if (node.kind == NodeKind::storage && node.level == level) last = id;
  }
  return last;
}

IndexRole role_of(const BoundTree& tree, const AccessPath& path, NodeId index, bool below_storage) {
  const BoundNode& node = tree.nodes[index];
  switch (node.kind) {
    case NodeKind::temporal:
      return below_storage ? IndexRole::merged : IndexRole::time;
    case NodeKind::sequential:
      return IndexRole::time;
    case NodeKind::pipeline:
      return IndexRole::stage;
    default: {
      // A second node of the same level fills from the first within one instance, so nothing is shared.
      const bool from_same_level = path.parent && tree.nodes[*path.parent].level == path.level;
      return node.level == path.level && !from_same_level ? IndexRole::lane : IndexRole::instance;
    }
  }
}

void collect_indices(const BoundTree& tree, AccessPath& path) {
  const std::vector<NodeId> nodes = path_to(tree, path.position);
  const auto storage = path.storage ? std::find(nodes.begin(), nodes.end(), *path.storage) : nodes.end();
  for (auto node = nodes.begin(); node != nodes.end(); ++node) {
    if (*node == path.position || !has_index(tree.nodes[*node].kind)) continue;
    path.indices.push_back({*node, role_of(tree, path, *node, node > storage)});
  }
}

/// Indices after the tensor's own node that neither tell instances apart nor iterate can go: what they unite is the
/// tile at the node itself.
void shorten(const BoundTree& tree, AccessPath& path) {
  const std::vector<NodeId> above = indices_above(tree, *path.storage);
  bool stage = false;
  for (std::size_t i = above.size(); i < path.indices.size(); ++i) {
    const NodeKind kind = tree.nodes[path.indices[i].node].kind;
    if (kind == NodeKind::spatial) return;
    stage |= kind == NodeKind::pipeline;
  }
  path.last_is_stage = stage;
  path.indices.resize(above.size());
  path.position = *path.storage;
}

}  // namespace

std::vector<AccessPath> access_paths(const BoundTree& tree, EinsumId einsum) {
  std::vector<AccessPath> paths;
  std::vector<TensorId> seen;
  const Einsum& e = tree.graph.einsums[einsum];
  for (const TensorAccess* access : accesses_of(e)) {
    if (std::find(seen.begin(), seen.end(), access->tensor) != seen.end()) continue;
    seen.push_back(access->tensor);

    AccessPath path;
    path.einsum = einsum;
    path.tensor = access->tensor;
    path.written = access->tensor == e.output.tensor;
    for (const TensorAccess* other : accesses_of(e)) {
      if (other->tensor == access->tensor) path.accesses.push_back(other);
    }
    for (NodeId storage : storage_chain(tree, einsum, access->tensor)) {
      path.level = tree.nodes[storage].level;
      path.storage = storage;
      path.position = last_storage_of_level(tree, einsum, path.level);
      path.indices.clear();
      path.last_is_stage = false;
      collect_indices(tree, path);
      shorten(tree, path);
      paths.push_back(path);
      path.parent = storage;
    }
    path.storage.reset();
    path.last_is_stage = false;
    path.position = tree.compute_node[einsum];
    path.level = tree.nodes[path.position].level;
    path.indices.clear();
    collect_indices(tree, path);
    paths.push_back(path);
  }
  return paths;
}

PointSet touched_words(const BoundTree& tree, const AccessPath& path, const PointSet& operations) {
  PointSet words;
  for (const TensorAccess* access : path.accesses) words.unite(touched_words(tree, *access, operations));
  return words;
}

}  // namespace loopsim
