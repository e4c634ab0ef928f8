#include "sim/schedule/StepUse.hpp"

#include <algorithm>
#include <limits>

#include "base/CheckedMath.hpp"
#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

// A step may be left with as many operations as an einsum has; far beyond any mesh the exact number says no more.
std::int64_t saturating_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

}  // namespace

StepUse::StepUse(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree), schedule_(&schedule), largest_(schedule.leaves.size()), by_loop_(tree.nodes.size(), 1) {}

void StepUse::visit(const TileOperation& operation) {
  const Leaf& leaf = schedule_->leaves[operation.leaf];
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    std::vector<std::int64_t> extent;
    for (Interval range : bounds(lane.operations)) extent.push_back(range.high - range.low);
    std::int64_t unrolled = 1;
    for (NodeId id : leaf.program.nodes) {
      const BoundNode& node = tree_->nodes[id];
      if (!is_loop(node.kind)) continue;
      const std::int64_t shape = tile_shape_of(node, extent[node.rank]);
      if (node.kind == NodeKind::spatial) {
        const std::int64_t parts = ceil_divide(extent[node.rank], shape);
        unrolled = saturating_multiply(unrolled, parts);
        by_loop_[id] = std::max(by_loop_[id], parts);
      }
      extent[node.rank] = std::min(extent[node.rank], shape);
    }
    std::int64_t operations = unrolled;
    for (const std::int64_t left : extent) operations = saturating_multiply(operations, left);
    LargestStep& largest = largest_[operation.leaf];
    if (operations > largest.operations || largest.left.empty()) largest = {operations, unrolled, std::move(extent)};
  }
}

std::int64_t StepUse::operations_below(NodeId id) const {
  const BoundNode& node = tree_->nodes[id];
  if (node.kind == NodeKind::compute) {
    for (LeafIndex leaf = 0; leaf < schedule_->leaves.size(); ++leaf) {
      if (schedule_->leaves[leaf].einsum == node.einsum) return operations(leaf);
    }
  }
  std::int64_t total = 0;
  for (NodeId child : node.children) {
    const std::int64_t one = operations_below(child);
    total = node.kind == NodeKind::pipeline ? saturating_add(total, one) : std::max(total, one);
  }
  return total;
}

}  // namespace loopsim
