#include "models/looptree/access/TileLists.hpp"

#include "mapping/tiles/TileStream.hpp"

namespace loopsim {

namespace {

/// Tells the shapes of boxes apart.
void find_shapes(TileList& list) {
  std::map<std::vector<Coordinate>, std::size_t> known;
  std::vector<Coordinate> key;
  for (const Tile& tile : list.tiles) {
    list.boxes &= tile.operations.boxes().size() == 1;
    if (!list.boxes) return;
    const Box& box = tile.operations.boxes().front();
    key.clear();
    for (const IntervalSet& range : box.dimensions) {
      key.push_back(static_cast<Coordinate>(range.runs().size()));
      for (Interval run : range.runs()) key.insert(key.end(), {run.low - range.least(), run.high - range.least()});
    }
    const auto [entry, fresh] = known.try_emplace(key, list.shapes.size());
    if (fresh) {
      TileShape& shape = list.shapes.emplace_back();
      for (const IntervalSet& range : box.dimensions) shape.push_back(shift(range, -range.least()));
    }
    list.shape_of.push_back(entry->second);
  }
}

}  // namespace

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
  find_shapes(list);
  return list;
}

}  // namespace loopsim
