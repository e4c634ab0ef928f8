#include "sim/buffers/ReductionEdges.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"
#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

ReductionEdges reduction_edges(const BoundTree& tree, const Leaf& leaf) {
  const Einsum& einsum = tree.graph.einsums[leaf.einsum];
  const std::vector<NodeId> above = leaf.program.cut ? path_to(tree, *leaf.program.cut) : std::vector<NodeId>();
  ReductionEdges edges;
  for (std::size_t rank : reduction_ranks(einsum)) {
    const Rank& bounds = tree.graph.ranks[einsum.ranks[rank]];
    Coordinate low = bounds.low;
    Coordinate high = bounds.high;
    for (NodeId id : above) {
      const BoundNode& loop = tree.nodes[id];
      if (!is_loop(loop.kind) || loop.head != leaf.einsum || loop.rank != rank) continue;
      const std::int64_t shape = tile_shape_of(loop, high - low);
      if (loop.kind == NodeKind::temporal) {
        low += (high - low - 1) / shape * shape;
      } else {
        high = std::min(high, low + shape);
      }
    }
    edges.first.push_back(bounds.low);
    edges.last.push_back(high - 1);
  }
  return edges;
}

}  // namespace loopsim
