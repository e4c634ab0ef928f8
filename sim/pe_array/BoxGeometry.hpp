#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/InstanceGeometry.hpp"
#include "sim/pe_array/LaneCounter.hpp"
#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/RankGrid.hpp"
#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// Tile geometry for lanes whose operations are boxes. Ranks then do not depend on each other, and neither do the
/// dimensions of most tensors, so the cost is that of a sum over ranks instead of a product, and of the places along
/// one spatial loop instead of all instances. Every tensor must be reached through one access. Lanes count by
/// themselves; the few visits in which they have something in common are left to the geometry that holds every
/// instance.
class BoxGeometry : public TileGeometry {
 public:
  BoxGeometry(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
              DemandTable& demands, InstanceGeometry& instances);

  /// Lanes without operations idle; at least one must work.
  TileState state_of(const std::vector<ArrayLane>& lanes);

  const std::vector<TileSlice>& iterations(std::size_t node, ShapeId shape) override;
  const TileSlice& split(std::size_t node, ShapeId shape) override;
  const ShapeFacts& facts(ShapeId shape) override { return shapes_[shape].facts; }
  PointVisit visit(std::size_t point, const TileState& current, const TileState* previous, bool advanced) override;
  std::vector<MovedBoxes> moved_words(std::size_t point, const TileState& current, const TileState* previous,
                                      bool advanced) override;

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
  /// What one lane moves in a visit.
  struct LaneMove {
    const LaneVisit* visit = nullptr;
    bool begins = false;             ///< accumulation
    std::vector<Coordinate> offset;  ///< that the visit's words lie further
  };
  LaneMove move_of(std::size_t point, const LaneShape& lane, const TileState& current, const TileState* previous,
                   bool neighbours);
  TileSlice intern(Coordinate index, std::vector<LaneShape> lanes);
  bool begins(const LaneShape& lane, const RankVector& base) const;
  bool needs_instances(const ArrayPoint& point, const TileState& current, const TileState* previous,
                       bool neighbours) const;
  TileState instances_of(std::size_t node, const TileState& state);
  std::vector<ArrayInstance> instances_of(std::size_t node, const LaneShape& lane) const;

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  DemandTable& demands_;
  InstanceGeometry& instances_;
  std::vector<RankGrids> grids_;  ///< of each rank
  std::vector<SpatialAxis> axes_;
  std::vector<PeNode> strides_;  ///< by position in the place
  LaneCounter counter_;
  std::vector<std::size_t> reduction_ranks_;
  std::vector<Place> lanes_;  ///< place of each LaneId
  std::deque<Shape> shapes_;
  std::unordered_map<std::vector<std::int64_t>, ShapeId, NumbersHash> ids_;
  std::unordered_map<std::uint64_t, std::vector<TileSlice>> iterations_;
  std::unordered_map<std::uint64_t, TileSlice> splits_;
  std::unordered_map<std::uint64_t, TileState> as_instances_;
  std::vector<RankChange> changes_;  ///< scratch
};

}  // namespace loopsim
