#include "mapping/tiles/LoopSlice.hpp"

#include "base/CheckedMath.hpp"
#include "mapping/sets/Projection.hpp"

namespace loopsim {

PointSet slice(const PointSet& operations, std::size_t rank, Coordinate low, Coordinate high) {
  const IntervalSet range(low, high);
  PointSet result;
  for (const Box& box : operations.boxes()) {
    Box part = box;
    part.dimensions[rank] = intersect(part.dimensions[rank], range);
    result.unite(part);
  }
  return result;
}

std::int64_t tile_shape_of(const BoundNode& loop, std::int64_t extent) {
  return loop.tile_shape ? *loop.tile_shape : ceil_divide(extent, *loop.factor);
}

}  // namespace loopsim
