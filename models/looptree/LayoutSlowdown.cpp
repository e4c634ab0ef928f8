#include "models/looptree/LayoutSlowdown.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/CheckedMath.hpp"
#include "mapping/LineMap.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "models/looptree/access/AccessPath.hpp"
#include "models/looptree/access/LeafLoops.hpp"

namespace loopsim {

namespace {

/// Coordinates of each rank that the instances have at once at a node below the leaf's top.
std::vector<std::int64_t> extents_at(const BoundTree& tree, const LeafLoops& leaf, NodeId position,
                                     const PointSet& operations) {
  std::vector<std::int64_t> extents;
  for (const Interval range : bounds(operations)) extents.push_back(range.high - range.low);
  std::vector<std::int64_t> instances(extents.size(), 1);
  const std::vector<NodeId> above = path_to(tree, position);
  for (const NodeId id : leaf.loops) {
    if (id == position || std::find(above.begin(), above.end(), id) == above.end()) continue;
    const BoundNode& loop = tree.nodes[id];
    const std::int64_t whole = extents[loop.rank];
    const std::int64_t tile = std::min(whole, tile_shape_of(loop, whole));
    // Instances of level 1 itself have banks of their own.
    if (loop.kind == NodeKind::spatial && banked_level < loop.level) instances[loop.rank] *= ceil_divide(whole, tile);
    extents[loop.rank] = tile;
  }
  for (std::size_t r = 0; r < extents.size(); ++r) extents[r] = checked_multiply(extents[r], instances[r]);
  return extents;
}

std::int64_t lines_touched(const LineMap& map, const TensorAccess& access, const std::vector<std::int64_t>& extents) {
  std::int64_t lines = 1;
  for (std::size_t d = 0; d < access.projection.size(); ++d) {
    std::int64_t wanted = 1;
    for (const AffineTerm& term : access.projection[d].terms) {
      wanted = checked_add(wanted, checked_multiply(std::abs(term.coefficient), extents[term.rank] - 1));
    }
    lines = checked_multiply(lines, ceil_divide(wanted, map.dimensions[d].words));
  }
  return lines;
}

}  // namespace

std::vector<LayoutSlowdown> layout_slowdowns(const BoundTree& tree, TileLists& tiles) {
  std::vector<LayoutSlowdown> result;
  const auto& memories = tree.architecture.memories;
  if (memories.size() <= banked_level.value || !memories[banked_level.value].banks) return result;
  // A port for each direction, or one for both: of one tensor in one direction a bank serves a line a cycle.
  const std::int64_t ports = memories[banked_level.value].banks->count;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const LeafLoops leaf = leaf_loops(tree, EinsumId(e));
    const TileList& list = tiles.above(leaf.top, EinsumId(e));
    const auto first =
        std::find_if(list.tiles.begin(), list.tiles.end(), [](const Tile& tile) { return !tile.operations.empty(); });
    if (first == list.tiles.end()) continue;
    for (const AccessPath& path : access_paths(tree, EinsumId(e))) {
      if (!path.parent || tree.nodes[*path.parent].level != banked_level || path.level == banked_level) continue;
      const auto extents = extents_at(tree, leaf, path.position, first->operations);
      const LineMap map = line_map(tree, path.tensor);
      LayoutSlowdown one{EinsumId(e), path.tensor, 0, 1};
      for (const TensorAccess* access : path.accesses) {
        one.lines_per_step = std::max(one.lines_per_step, lines_touched(map, *access, extents));
      }
      one.slowdown = std::min(1.0, static_cast<double>(ports) / static_cast<double>(one.lines_per_step));
      result.push_back(one);
    }
  }
  return result;
}

}  // namespace loopsim
