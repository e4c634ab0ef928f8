#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sim/pe_array/NumbersHash.hpp"
#include "sim/pe_array/PositionKey.hpp"
#include "sim/pe_array/TileGeometry.hpp"

namespace loopsim {

/// Steps with the same demand in a row.
struct DemandRun {
  std::int64_t steps = 0;
  DemandId demand = 0;
};

/// What the part of a program below a node does in one visit.
struct WalkOutcome {
  std::int64_t steps = 0;
  std::int64_t operations = 0;
  std::vector<ArrayTraffic> traffic;  ///< of each point
  std::vector<DemandRun> runs;
};

/// Walks a program over the shapes of a geometry. Visits that differ only by a translation that no extent can tell have
/// the same outcome, so each kind is walked once: the cost follows the number of distinct visits, not of steps.
class StepWalker {
 public:
  StepWalker(const BoundTree& tree, const ArrayProgram& program, const std::vector<ArrayPoint>& points,
             TileGeometry& geometry, DemandTable& demands);

  /// A tile operation; see TileGeometry::visit for `previous`, ArrayExecutor::execute for `advanced`.
  /// `kept`: of points at the first node whose buffers hold the tiles of an earlier operation than `previous`.
  const WalkOutcome& walk(const TileState& current, const TileState* previous, std::optional<NodeId> advanced,
                          const std::map<std::size_t, TileState>& kept = {}) {
    kept_ = kept;
    advanced_ = advanced;
    return visit(0, current, previous, advanced && advanced == program_.loop_above);
  }

 private:
  using Key = std::vector<std::int64_t>;

  const WalkOutcome& visit(std::size_t node, const TileState& current, const TileState* previous, bool advanced);
  /// Whether neighbours may hold words for a point; `advanced`: the loop right above the node went on by one.
  bool takes_from_peers(std::size_t point, std::size_t node, bool advanced) const {
    return node == 0 ? points_[point].takes_from_peers(advanced_) : advanced;
  }
  void make_key(std::size_t node, const TileState& current, const TileState* previous, bool advanced);
  void visit_loop(WalkOutcome& outcome, std::size_t node, const TileState& current, const TileState* previous);
  void visit_points(WalkOutcome& outcome, std::size_t node, const TileState& current, const TileState* previous,
                    bool advanced);
  void visit_step(WalkOutcome& outcome, const TileState& current);

  const BoundTree& tree_;
  const ArrayProgram& program_;
  const std::vector<ArrayPoint>& points_;
  TileGeometry& geometry_;
  DemandTable& demands_;
  PositionKey position_;
  std::vector<std::vector<std::size_t>> points_at_;  ///< of each node
  std::vector<bool> needs_previous_;                 ///< some point at or below the node reuses words or has peers
  Key key_;                                          ///< scratch
  std::map<std::size_t, TileState> kept_;            ///< of the walk at hand, by point
  std::optional<NodeId> advanced_;                   ///< of the walk at hand
  std::unordered_map<Key, const WalkOutcome*, NumbersHash> known_;
  std::deque<WalkOutcome> outcomes_;
};

}  // namespace loopsim
