#include "models/looptree/TileLists.hpp"

#include "models/tree/TileStream.hpp"

namespace loopsim {

const TileList& TileLists::above(NodeId position, EinsumId einsum) {
  // Storage nodes add no index, so positions below them are the same place.
  while (tree_.nodes[position].parent && tree_.nodes[*tree_.nodes[position].parent].kind == NodeKind::storage) {
    position = *tree_.nodes[position].parent;
  }
  auto [entry, fresh] = known_.try_emplace({position, einsum});
  TileList& list = entry->second;
  if (!fresh) return list;
  TileStream stream(tree_, position, {einsum});
  list.index_nodes = stream.index_nodes();
  while (stream.next()) {
    const PointSet& operations = stream.operations(einsum);
    if (!operations.empty()) list.tiles.push_back({stream.indices(), operations});
  }
  return list;
}

}  // namespace loopsim
