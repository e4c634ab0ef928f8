#include "sim/pe_array/PeStrides.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/CheckedMath.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/pe_array/StepDemand.hpp"

namespace loopsim {

namespace {

struct SpatialLoop {
  const BoundNode* node = nullptr;
  std::int64_t count = 1;  ///< of its tiles, at the most
};

/// On the path of the einsum, from the root down.
std::vector<SpatialLoop> spatial_loops(const BoundTree& tree, const ArrayProgram& program) {
  std::vector<SpatialLoop> loops;
  std::map<std::pair<EinsumId, std::size_t>, std::int64_t> extents;
  for (const NodeId id : path_to(tree, program.compute)) {
    const BoundNode& loop = tree.nodes[id];
    if (!is_loop(loop.kind)) continue;
    const auto rank = tree.graph.einsums[loop.head].ranks[loop.rank];
    const std::int64_t whole = tree.graph.ranks[rank].high - tree.graph.ranks[rank].low;
    std::int64_t& extent = extents.try_emplace({loop.head, loop.rank}, whole).first->second;
    const std::int64_t shape = std::min(extent, tile_shape_of(loop, extent));
    if (loop.kind == NodeKind::spatial) loops.push_back({&loop, ceil_divide(extent, shape)});
    extent = shape;
  }
  return loops;
}

}  // namespace

std::vector<PeNode> pe_strides(const BoundTree& tree, const ArrayProgram& program) {
  const std::vector<SpatialLoop> axes = spatial_loops(tree, program);
  LevelId pe_level = tree.architecture.compute_level();
  for (const SpatialLoop& axis : axes) {
    if (axis.node->level.value >= levels_outside_array) pe_level = std::min(pe_level, axis.node->level);
  }
  std::vector<PeNode> strides(axes.size());
  std::int64_t inner[] = {1, 1};
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (axes[i].node->level != pe_level) continue;
    std::int64_t& stride = inner[axes[i].node->mesh_axis];
    (axes[i].node->mesh_axis == 0 ? strides[i].column : strides[i].row) = stride;
    stride *= axes[i].count;
  }
  return strides;
}

std::int64_t reduction_fan_in(const BoundTree& tree, const ArrayProgram& program) {
  const std::vector<std::size_t> reduced = reduction_ranks(tree.graph.einsums[program.einsum]);
  std::int64_t fan_in = 1;
  for (const SpatialLoop& loop : spatial_loops(tree, program)) {
    const bool reduces = loop.node->head == program.einsum &&
                         std::find(reduced.begin(), reduced.end(), loop.node->rank) != reduced.end();
    if (reduces && loop.node->level.value >= levels_outside_array) fan_in *= loop.count;
  }
  return fan_in;
}

PeNode pe_at(const std::vector<Coordinate>& place, const std::vector<PeNode>& strides) {
  PeNode node;
  for (std::size_t i = 0; i < place.size(); ++i) node = node + strides[i] * place[i];
  return node;
}

}  // namespace loopsim
