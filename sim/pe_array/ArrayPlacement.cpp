#include "sim/pe_array/ArrayPlacement.hpp"

#include <algorithm>

#include "sim/pe_array/PeStrides.hpp"

namespace loopsim {

namespace {

class Placer {
 public:
  Placer(const BoundTree& tree, const Schedule& schedule, const MeshUse& use)
      : tree_(tree), schedule_(schedule), use_(use), leftmost_(schedule.leaves.size()) {}

  /// Returns the number of columns it takes.
  std::int64_t place(NodeId id, std::int64_t left) {
    const BoundNode& node = tree_.nodes[id];
    if (node.kind == NodeKind::compute) return place_leaf(node.einsum, left);
    std::int64_t columns = 0;
    for (const NodeId child : node.children) {
      if (node.kind == NodeKind::pipeline) {
        columns += place(child, left + columns);
      } else {
        columns = std::max(columns, place(child, left));
      }
    }
    return columns;
  }

  std::vector<std::int64_t> leftmost() && { return std::move(leftmost_); }

 private:
  std::int64_t place_leaf(EinsumId einsum, std::int64_t left) {
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      if (schedule_.leaves[leaf].einsum != einsum) continue;
      leftmost_[leaf] = left;
      const auto& partition = tree_.architecture.mesh.partition;
      const auto stated = partition.find(schedule_.stages[schedule_.leaves[leaf].stage].name);
      const std::int64_t columns = use_.of(leaf).columns;
      return stated == partition.end() ? columns : std::max(columns, stated->second);
    }
    return 0;
  }

  const BoundTree& tree_;
  const Schedule& schedule_;
  const MeshUse& use_;
  std::vector<std::int64_t> leftmost_;
};

}  // namespace

ArrayPlacement place_arrays(const BoundTree& tree, const Schedule& schedule, const MeshUse& use) {
  Placer placer(tree, schedule, use);
  placer.place(tree.root(), 0);
  const MeshExtent used = use.below(tree.root());
  const PeMesh& mesh = tree.architecture.mesh;
  ArrayPlacement placement;
  placement.mesh = {mesh.columns.value_or(used.columns), mesh.rows.value_or(used.rows)};
  placement.leftmost = std::move(placer).leftmost();
  for (const Leaf& leaf : schedule.leaves) {
    std::int64_t levels = 0;
    for (std::int64_t sums = reduction_fan_in(tree, leaf.program); sums > 1; sums = (sums + 1) / 2) ++levels;
    placement.reduction.emplace_back(levels * mesh.adder_latency_cycles);
  }
  return placement;
}

}  // namespace loopsim
