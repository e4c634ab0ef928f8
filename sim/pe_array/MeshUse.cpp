#include "sim/pe_array/MeshUse.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"
#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

MeshUse::MeshUse(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree), schedule_(&schedule), extents_(schedule.leaves.size()) {}

void MeshUse::visit(const TileOperation& operation) {
  const Leaf& leaf = schedule_->leaves[operation.leaf];
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    std::vector<std::int64_t> extent;
    for (Interval range : bounds(lane.operations)) extent.push_back(range.high - range.low);
    MeshExtent use;
    for (NodeId id : leaf.program.nodes) {
      const BoundNode& node = tree_->nodes[id];
      if (!is_loop(node.kind)) continue;
      const std::int64_t shape = tile_shape_of(node, extent[node.rank]);
      if (node.kind == NodeKind::spatial) {
        (node.mesh_axis == 0 ? use.columns : use.rows) *= ceil_divide(extent[node.rank], shape);
      }
      extent[node.rank] = std::min(extent[node.rank], shape);
    }
    MeshExtent& most = extents_[operation.leaf];
    most.columns = std::max(most.columns, use.columns);
    most.rows = std::max(most.rows, use.rows);
  }
}

MeshExtent MeshUse::below(NodeId id) const {
  const BoundNode& node = tree_->nodes[id];
  if (node.kind == NodeKind::compute) {
    for (LeafIndex leaf = 0; leaf < schedule_->leaves.size(); ++leaf) {
      if (schedule_->leaves[leaf].einsum == node.einsum) return extents_[leaf];
    }
  }
  MeshExtent total;
  if (node.kind == NodeKind::pipeline) total.columns = 0;
  for (NodeId child : node.children) {
    const MeshExtent one = below(child);
    total.rows = std::max(total.rows, one.rows);
    total.columns =
        node.kind == NodeKind::pipeline ? total.columns + one.columns : std::max(total.columns, one.columns);
  }
  return total;
}

}  // namespace loopsim
