#include "sim/schedule/LoopTiles.hpp"

#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

std::map<Coordinate, PointSet> tiles_of_loop(const BoundNode& loop, const PointSet& operations) {
  std::map<Coordinate, PointSet> tiles;
  const Interval range = bounds(operations)[loop.rank];
  const std::int64_t shape = tile_shape_of(loop, range.high - range.low);
  for (Coordinate i = 0; range.low + i * shape < range.high; ++i) {
    PointSet tile = slice(operations, loop.rank, range.low + i * shape, range.low + (i + 1) * shape);
    if (!tile.empty()) tiles.emplace(i, std::move(tile));
  }
  return tiles;
}

}  // namespace loopsim
