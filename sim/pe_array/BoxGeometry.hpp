#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/InstanceGeometry.hpp"
#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/RankGrid.hpp"
#include "sim/pe_array/TileFactor.hpp"
#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// Tile geometry for lanes whose operations are boxes. Ranks then do not depend on each other, and neither do the
/// dimensions of most tensors, so the cost is that of a sum over ranks instead of a product, and of the places along one
/// spatial loop instead of all instances. Lanes count by themselves; the few visits in which they have something in
/// common are left to the geometry that holds every instance.
class BoxGeometry : public TileGeometry {
 public:
  BoxGeometry(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
              DemandTable& demands, InstanceGeometry& instances);

  /// Whether the program suits at all: every tensor is reached through one access.
  static bool suits(const std::vector<ArrayPoint>& points);
  /// Lanes without operations idle; at least one must work.
  TileState state_of(const std::vector<ArrayLane>& lanes);

  const std::vector<TileSlice>& iterations(std::size_t node, ShapeId shape) override;
  const TileSlice& split(std::size_t node, ShapeId shape) override;
  const ShapeFacts& facts(ShapeId shape) override { return shapes_[shape].facts; }
  PointVisit visit(std::size_t point, const TileState& current, const TileState* previous, bool advanced) override;

 private:
  using LaneId = std::uint32_t;
  struct LaneShape {
    LaneId lane = 0;
    std::vector<RankGridId> grids;  ///< of each rank
    RankVector offset;              ///< from the shape's base
  };
  struct Shape {
    std::vector<LaneShape> lanes;
    ShapeFacts facts;
  };
  /// A spatial loop of the program, whose index is part of the place.
  struct Axis {
    std::size_t place = 0;   ///< position in the place
    std::size_t rank = 0;
    std::size_t number = 0;  ///< which of the rank's spatial loops
    std::size_t node = 0;    ///< position in ArrayProgram::nodes
  };
  struct PointPlan {
    std::vector<TileFactor> factors;
    std::vector<Axis> axes;                     ///< above the point's last node
    std::vector<std::vector<const BoundNode*>> extensions;  ///< by rank: loops that split instances further; may be none
    std::vector<Axis> own_axes;
    bool own_axis_above_cut = false;            ///< neighbours are in other lanes
    bool lanes_share_parent = false;
  };
  /// One rank of a lane at a point: what the instances execute now, and before.
  struct RankChange {
    RankGridId current = 0;
    RankGridId previous = 0;
    Coordinate base = 0;
    Coordinate delta = 0;    ///< from the current base to the previous one
  };
  /// A point's visit by one lane.
  struct LaneVisit {
    ArrayTraffic traffic;
    std::int64_t parent_words = 0;  ///< moved_parent; of a private parent those of its busiest instance
    std::int64_t max_fill = 0;      ///< see VisitDemand
    std::int64_t max_peers = 0;
    std::int64_t max_own = 0;
  };

  TileSlice intern(Coordinate index, std::vector<LaneShape> lanes);
  PointPlan plan_of(const ArrayPoint& point) const;
  RankGridId extended(std::size_t point, std::size_t rank, RankGridId grid);
  bool begins(const LaneShape& lane, const RankVector& base) const;
  bool needs_instances(const PointPlan& plan, const TileState& current, bool neighbours, bool output) const;
  TileState instances_of(std::size_t node, const TileState& state);
  std::vector<ArrayInstance> instances_of(std::size_t node, const LaneShape& lane) const;

  const LaneVisit& visit_lane(std::size_t point, const LaneShape& current, const RankVector& base,
                              const LaneShape* previous, const RankVector* previous_base, bool neighbours);
  /// Tiles of one factor under `changes_`.
  std::uint32_t factor_tiles(std::size_t point, std::size_t factor, bool has_previous, bool neighbours);
  FactorTiles make_tiles(std::size_t point, const TileFactor& factor, bool has_previous, bool neighbours) const;
  PointSet extent_of(const TileFactor& factor) const;
  LaneVisit count(std::size_t point, const std::vector<FactorTiles*>& factors, bool reuses, bool neighbours,
                  bool begins) const;

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  DemandTable& demands_;
  InstanceGeometry& instances_;
  std::vector<RankGrids> grids_;            ///< of each rank
  std::vector<Axis> axes_;                  ///< of the program
  std::vector<PointPlan> plans_;            ///< of each point
  std::vector<std::size_t> reduction_ranks_;
  std::vector<Place> lanes_;                ///< place of each LaneId
  std::deque<Shape> shapes_;
  std::unordered_map<std::vector<std::int64_t>, ShapeId, NumbersHash> ids_;
  std::unordered_map<std::uint64_t, std::vector<TileSlice>> iterations_;
  std::unordered_map<std::uint64_t, TileSlice> splits_;
  std::unordered_map<std::uint64_t, TileState> as_instances_;
  std::deque<FactorTiles> tiles_;
  std::unordered_map<std::vector<std::int64_t>, std::uint32_t, NumbersHash> tile_ids_;
  std::unordered_map<std::vector<std::int64_t>, LaneVisit, NumbersHash> visits_;
  std::vector<RankChange> changes_;         ///< scratch: of each rank, in the visit at hand
  std::vector<std::int64_t> key_;           ///< scratch
};

}  // namespace loopsim
