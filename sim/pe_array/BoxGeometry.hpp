#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/RankGrid.hpp"
#include "sim/pe_array/TileFactor.hpp"
#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// Tile geometry for one lane whose operations are a box. Ranks then do not depend on each other, and neither do the
/// dimensions of most tensors, so the cost is that of a sum over ranks instead of a product, and of the places along one
/// spatial loop instead of all instances.
class BoxGeometry : public TileGeometry {
 public:
  BoxGeometry(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
              DemandTable& demands);

  /// Whether the program suits at all: every tensor is reached through one access.
  static bool suits(const std::vector<ArrayPoint>& points);
  TileState state_of(const Box& operations);

  const std::vector<TileSlice>& iterations(std::size_t node, ShapeId shape) override;
  const TileSlice& split(std::size_t node, ShapeId shape) override;
  const ShapeFacts& facts(ShapeId shape) override { return shapes_[shape].facts; }
  PointVisit visit(std::size_t point, const TileState& current, const TileState* previous, bool advanced) override;

 private:
  struct Shape {
    std::vector<RankGridId> grids;  ///< of each rank
    ShapeFacts facts;
  };
  /// Where an index of the place comes from.
  struct Axis {
    std::size_t place = 0;   ///< position in the place
    std::size_t rank = 0;
    std::size_t number = 0;  ///< which of the rank's spatial loops
  };
  struct PointPlan {
    std::vector<TileFactor> factors;
    std::vector<Axis> axes;                     ///< of the program's spatial loops above the point's last node
    std::vector<std::vector<const BoundNode*>> extensions;  ///< by rank: loops that split instances further; may be none
    std::vector<std::optional<Axis>> own_axes;  ///< nothing for one above the cut: the lane has no neighbour
  };
  /// One rank at a point: what the instances execute now, and before.
  struct RankChange {
    RankGridId current = 0;
    RankGridId previous = 0;
    Coordinate base = 0;
    Coordinate delta = 0;    ///< from the current base to the previous one
  };

  ShapeId intern(std::vector<RankGridId> grids);
  TileSlice with_rank(ShapeId shape, std::size_t rank, const RankSlice& slice);
  PointPlan plan_of(const ArrayPoint& point) const;
  RankSlice extended(std::size_t point, std::size_t rank, RankGridId grid);
  /// Tiles of one factor under `changes_`.
  std::uint32_t factor_tiles(std::size_t point, std::size_t factor, bool has_previous, bool neighbours);
  FactorTiles make_tiles(std::size_t point, const TileFactor& factor, bool has_previous, bool neighbours) const;
  PointVisit count(std::size_t point, const std::vector<FactorTiles*>& factors, bool reuses, bool neighbours,
                   bool begins);

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  DemandTable& demands_;
  std::vector<RankGrids> grids_;            ///< of each rank
  std::vector<PointPlan> plans_;            ///< of each point
  std::vector<std::size_t> reduction_ranks_;
  std::deque<Shape> shapes_;
  std::unordered_map<std::vector<RankGridId>, ShapeId, NumbersHash> ids_;
  std::unordered_map<std::uint64_t, std::vector<TileSlice>> iterations_;
  std::unordered_map<std::uint64_t, TileSlice> splits_;
  std::deque<FactorTiles> tiles_;
  std::unordered_map<std::vector<std::int64_t>, std::uint32_t, NumbersHash> tile_ids_;
  std::unordered_map<std::vector<std::int64_t>, PointVisit, NumbersHash> visits_;
  std::vector<RankChange> changes_;         ///< scratch: of each rank, in the visit at hand
  std::vector<std::int64_t> key_;           ///< scratch
};

}  // namespace loopsim
