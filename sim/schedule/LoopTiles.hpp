#pragma once

#include <map>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Pieces of an instance's operations in the tiles of a loop, by index. Empty tiles are left out.
std::map<Coordinate, PointSet> tiles_of_loop(const BoundNode& loop, const PointSet& operations);

}  // namespace loopsim
