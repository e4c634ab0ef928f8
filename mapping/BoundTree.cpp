#include "mapping/BoundTree.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"

namespace loopsim {

std::vector<NodeId> path_to(const BoundTree& tree, NodeId node) {
  std::vector<NodeId> path{node};
  while (tree.nodes[path.back()].parent) path.push_back(*tree.nodes[path.back()].parent);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<NodeId> indices_above(const BoundTree& tree, NodeId node) {
  std::vector<NodeId> result;
  for (NodeId above : path_to(tree, node)) {
    if (above != node && has_index(tree.nodes[above].kind)) result.push_back(above);
  }
  return result;
}

std::vector<NodeId> storage_chain(const BoundTree& tree, EinsumId einsum, TensorId tensor) {
  std::vector<NodeId> chain;
  for (NodeId id : path_to(tree, tree.compute_node[einsum])) {
    const BoundNode& node = tree.nodes[id];
    if (node.kind == NodeKind::storage && node.tensor == tensor) chain.push_back(id);
  }
  return chain;
}

PointSet touched_words(const BoundTree& tree, const TensorAccess& access, const PointSet& operations) {
  PointSet words = image(access, operations);
  return tree.zero_padding ? intersect(words, tree.tensors[access.tensor].extent) : words;
}

PointSet stored_words(const BoundTree& tree, const TensorAccess& access, const PointSet& operations) {
  return intersect(image(access, operations), tree.tensors[access.tensor].extent);
}

std::int64_t word_bits(const BoundTree& tree, TensorId tensor, LevelId level) {
  return tree.tensors[tensor].bits.value_or(tree.architecture.memories[level.value].datawidth_bits);
}

std::vector<const TensorAccess*> accesses_of(const Einsum& einsum) {
  std::vector<const TensorAccess*> result;
  for (const TensorAccess& input : einsum.inputs) result.push_back(&input);
  result.push_back(&einsum.output);
  return result;
}

std::size_t child_towards(const BoundTree& tree, NodeId branch, EinsumId einsum) {
  const std::vector<NodeId>& children = tree.nodes[branch].children;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const std::vector<EinsumId>& below = tree.nodes[children[i]].einsums;
    if (std::find(below.begin(), below.end(), einsum) != below.end()) return i;
  }
  return children.size();
}

}  // namespace loopsim
