#pragma once

#include <map>
#include <utility>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// What one einsum executes in one iteration of the loops above a position.
struct Tile {
  std::vector<Coordinate> indices;  ///< of the nodes above the position that add an index
  PointSet operations;
};

/// Coordinates of each rank of a tile that is one box, moved to start at 0.
using TileShape = std::vector<IntervalSet>;

/// Iterations with work, in row-major order of all indices.
struct TileList {
  std::vector<NodeId> index_nodes;
  std::vector<Tile> tiles;
  bool boxes = true;                  ///< every tile is a single box; only then:
  std::vector<TileShape> shapes;      ///< the different ones
  std::vector<std::size_t> shape_of;  ///< by tile
};

/// Tile inference, done once for each einsum and place. For places with few iterations: above the leaf loops.
class TileLists {
 public:
  explicit TileLists(const BoundTree& tree) : tree_(tree) {}

  const TileList& above(NodeId position, EinsumId einsum);

 private:
  const BoundTree& tree_;
  std::map<std::pair<NodeId, EinsumId>, TileList> known_;
};

}  // namespace loopsim
