#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/ArrayPoint.hpp"
#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/RankGrid.hpp"
#include "sim/pe_array/StepDemand.hpp"
#include "sim/pe_array/TileFactor.hpp"
#include "sim/pe_array/TileProduct.hpp"
#include "sim/pe_array/WordShare.hpp"

namespace loopsim {

/// A spatial loop of the program; its index is part of an instance's place.
struct SpatialAxis {
  std::size_t place = 0;  ///< position in the place
  std::size_t rank = 0;
  std::size_t number = 0;  ///< which of the rank's spatial loops
  std::size_t node = 0;    ///< position in ArrayProgram::nodes
};
std::vector<SpatialAxis> spatial_axes(const BoundTree& tree, const ArrayProgram& program);

/// One rank of a lane at a node: what the instances execute now, and before.
struct RankChange {
  RankGridId current = 0;
  RankGridId previous = 0;
  Coordinate base = 0;
  Coordinate delta = 0;  ///< from the current base to the previous one
};

/// What one lane moves in a visit of a point.
struct LaneVisit {
  ArrayTraffic traffic;
  std::vector<Box> words;         ///< moved_parent, where the parent has banks; relative to the base's word
  std::vector<WordShare> shares;  ///< of moved_parent, where it is sent as packets; nodes as seen from the lane's
  std::int64_t parent_words = 0;  ///< moved_parent; of a private parent those of its busiest instance
  std::int64_t max_fill = 0;      ///< see VisitDemand
  std::int64_t max_peers = 0;
  std::int64_t max_own = 0;
};

/// Counts what lanes move whose operations are boxes. Congruent changes of tiles are counted once, and so are congruent
/// changes of each factor.
class LaneCounter {
 public:
  LaneCounter(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
              const DemandTable& demands, std::vector<RankGrids>& grids);

  /// `ranks` as they are at the point's node; `neighbours`: words may come from neighbours within the lane;
  /// `begins`: accumulation begins with this visit.
  const LaneVisit& visit(std::size_t point, const std::vector<RankChange>& ranks, bool has_previous, bool neighbours,
                         bool begins);

 private:
  struct PointPlan {
    std::vector<TileFactor> factors;
    std::vector<SpatialAxis> axes;  ///< above the point's last node
    std::vector<std::vector<const BoundNode*>>
        extensions;                     ///< by rank: loops that split instances further; may be none
    std::vector<SpatialAxis> own_axes;  ///< nothing if some are above the cut: other lanes are not looked at here
  };

  std::vector<WordShare> shares_of(const PointPlan& plan, const std::vector<FactorTiles*>& factors, bool held,
                                   const TileProduct::Pieces& pieces, bool begins) const;
  std::vector<PeNode> nodes_of(const PointPlan& plan, std::size_t factor) const;
  PointPlan plan_of(const ArrayPoint& point, const std::vector<SpatialAxis>& axes) const;
  RankGridId extended(std::size_t point, std::size_t rank, RankGridId grid);
  // These see the visit at hand in `changes_`.
  std::uint32_t factor_tiles(std::size_t point, std::size_t factor, bool has_previous, bool neighbours, bool by_rule);
  FactorTiles make_tiles(std::size_t point, const TileFactor& factor, bool has_previous, bool neighbours,
                         bool by_rule) const;
  PointSet extent_of(const TileFactor& factor) const;
  std::vector<Box> words_of(const PointPlan& plan, std::size_t dimensions, const TileProduct& product,
                            const TileProduct::Pieces& pieces) const;
  LaneVisit count(std::size_t point, const std::vector<FactorTiles*>& factors, bool reuses, bool neighbours,
                  bool begins) const;

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  const DemandTable& demands_;
  std::vector<RankGrids>& grids_;  ///< of each rank
  std::vector<PointPlan> plans_;   ///< of each point
  std::deque<FactorTiles> tiles_;
  std::unordered_map<std::vector<std::int64_t>, std::uint32_t, NumbersHash> tile_ids_;
  std::unordered_map<std::vector<std::int64_t>, LaneVisit, NumbersHash> visits_;
  std::vector<PeNode> strides_;      ///< by position in the place
  std::vector<RankChange> changes_;  ///< scratch
  std::vector<std::int64_t> key_;    ///< scratch
};

}  // namespace loopsim
