#include "report/tree/TreeShapes.hpp"

#include <fmt/format.h>

namespace loopsim {
namespace {

/// Tensors on one line of a storage node.
constexpr std::size_t tensors_in_line = 4;

std::string tile_text(const BoundNode& node) {
  if (node.tile_shape) return fmt::format("tile {}", *node.tile_shape);
  if (node.factor) return fmt::format("{} tiles", *node.factor);
  return "";
}

TreeShape shape_of(const BoundTree& tree, const BoundNode& node) {
  switch (node.kind) {
    case NodeKind::temporal:
    case NodeKind::spatial: {
      const std::string& rank = tree.graph.ranks[tree.graph.einsums[node.head].ranks[node.rank]].name;
      if (node.kind == NodeKind::temporal) return {TreeShape::Kind::loop, {"for " + rank, tile_text(node)}, {}};
      return {
          TreeShape::Kind::loop,
          {"parallel for " + rank, fmt::format("{}, {}", tile_text(node), node.mesh_axis == 0 ? "columns" : "rows")},
          {}};
    }
    case NodeKind::storage:
      return {TreeShape::Kind::storage, {level_name(tree.architecture, node.level)}, {}};
    case NodeKind::sequential:
      return {TreeShape::Kind::branch, {"sequential"}, {}};
    case NodeKind::pipeline:
      return {TreeShape::Kind::branch, {"pipeline"}, {}};
    case NodeKind::compute:
      return {TreeShape::Kind::compute,
              {tree.graph.einsums[node.einsum].name, level_name(tree.architecture, node.level)},
              {}};
  }
  return {};
}

/// Adds a tensor to the last line of a storage shape, or on a line of its own where that is full.
class TensorLabels {
 public:
  void add(TreeShape& shape, const BoundTree& tree, const BoundNode& node) {
    std::string name = tree.graph.tensors[node.tensor].name;
    if (!node.exploits_reuse) name += " (no reuse)";
    if (in_line_ % tensors_in_line == 0) {
      if (in_line_ > 0) shape.lines.back() += ",";
      shape.lines.push_back(name);
    } else {
      shape.lines.back() += ", " + name;
    }
    ++in_line_;
  }

 private:
  std::size_t in_line_ = 0;
};

}  // namespace

std::vector<TreeShape> tree_shapes(const BoundTree& tree) {
  std::vector<TreeShape> shapes;
  std::vector<TensorLabels> tensors;
  IdVector<NodeId, std::size_t> drawn(tree.nodes.size());  // as which shape
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const BoundNode& node = tree.nodes[NodeId(i)];
    const BoundNode* const parent = node.parent ? &tree.nodes[*node.parent] : nullptr;
    const bool joins = parent != nullptr && node.kind == NodeKind::storage && parent->kind == NodeKind::storage &&
                       parent->level == node.level;
    if (joins) {
      drawn[NodeId(i)] = drawn[*node.parent];
    } else {
      TreeShape shape = shape_of(tree, node);
      if (parent != nullptr) shape.parent = drawn[*node.parent];
      drawn[NodeId(i)] = shapes.size();
      shapes.push_back(std::move(shape));
      tensors.emplace_back();
    }
    const std::size_t at = drawn[NodeId(i)];
    if (node.kind == NodeKind::storage) tensors[at].add(shapes[at], tree, node);
  }
  return shapes;
}

}  // namespace loopsim
