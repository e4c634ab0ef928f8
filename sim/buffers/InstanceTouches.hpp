#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/buffers/TouchSeries.hpp"

namespace loopsim {

/// How the instances of one level that an einsum spreads over touch a tensor below a storage node, and what LoopTree's
/// rules R3 (instances down to the level's last storage node), R5 (innermost indices that no tile depends on are
/// dropped) and R6 (peers) make of the touches that were executed. Instances that idle now and then, one copy that
/// serves several of them, and words that a neighbour has at the same moment are counted otherwise by the run.
class InstanceTouches {
 public:
  using Place = TouchSeries::Place;
  using TimeIndex = TouchSeries::TimeIndex;

  /// What an index is to an instance: time, a pipeline's branch, an instance of another level, or one of its own level
  /// (a lane), which takes words together with its neighbours.
  enum class Role { time, stage, other, lane };

  /// `node` stores a tensor; the instances are those of its level down to `last`. `same_level`: it is filled from a
  /// node of its own level, and so within one instance.
  InstanceTouches(const BoundTree& tree, NodeId node, NodeId last, bool same_level);

  /// Words touched at `time` (indices other than spatial above the node) by an instance (spatial ones down to `last`).
  void touch(const TimeIndex& time, const Place& place, const PointSet& words);

  struct Counts {
    std::int64_t fills = 0;
    std::int64_t max_occupancy = 0;
    std::int64_t peers = 0;
    std::int64_t parent = 0;       ///< distinct words of fills that lanes take together
    std::int64_t after_peers = 0;  ///< the same without peers
    std::vector<std::int64_t> fill_series;
    std::vector<std::int64_t> occupancy_series;
  };
  /// Nothing if there were too many touches to keep.
  std::optional<Counts> counts() const;

  /// Positions in a place along which neighbours are.
  const std::vector<std::size_t>& lanes() const { return lanes_; }
  /// Whether the last index besides the lanes is a temporal loop above the node.
  bool follows_loop() const { return follows_loop_; }
  std::size_t place_size() const { return place_size_; }

 private:
  using Indices = std::vector<Coordinate>;
  using Tiles = std::map<Indices, PointSet>;

  /// Where an index of a tile comes from.
  enum class Source { time, place, branch_below };
  struct Index {
    Role role = Role::time;
    Source source = Source::time;
  };

  static void drop_idle_times(std::vector<Index>& indices, Tiles& tiles);
  bool gives_peers(const std::vector<Index>& indices) const;
  static PointSet from_peers(const std::vector<Index>& indices, const Tiles& tiles, const Indices& at,
                             const PointSet& fill);

  std::vector<Index> indices_;  ///< from the root down
  std::vector<std::size_t> lanes_;
  std::size_t place_size_ = 0;
  bool stage_below_ = false;
  bool follows_loop_ = false;
  bool too_many_ = false;
  Tiles tiles_;
};

}  // namespace loopsim
