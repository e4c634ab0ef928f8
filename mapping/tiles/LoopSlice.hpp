#pragma once

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// The part of `operations` in tile `index` of a loop that tiles rank position `rank`.
PointSet slice(const PointSet& operations, std::size_t rank, Coordinate low, Coordinate high);

/// Tile shape of a loop node when the tile above it spans `extent` coordinates.
std::int64_t tile_shape_of(const BoundNode& loop, std::int64_t extent);

}  // namespace loopsim
