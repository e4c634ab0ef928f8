#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mapping/Measures.hpp"
#include "sim/buffers/Buffet.hpp"
#include "sim/buffers/LevelUsage.hpp"
#include "sim/buffers/Move.hpp"
#include "sim/buffers/RetentionPolicy.hpp"
#include "sim/schedule/IterationWindow.hpp"

namespace loopsim {

/// The state of all buffers outside the array: the buffets of every storage node, the iterations that are open at it,
/// and how much of each level is in use. Decides nothing.
class BufferState {
 public:
  BufferState(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes);

  /// The `next_iteration` of a user that has no operation left.
  static constexpr std::int64_t no_more = INT64_MAX;

  struct Node {
    const RetentionPolicy& retention;
    IterationWindow window;
    std::map<Place, Buffet> buffets;           ///< by instance
    std::vector<std::int64_t> next_iteration;  ///< by user: of its next operation
    std::int64_t next_close = 0;               ///< the first iteration that has not ended
    std::int64_t opened = -1;                  ///< the last one that has begun
    int drains_into = 0;                       ///< on their way
    std::map<std::int64_t, std::vector<LaneWords>> tiles;
  };
  Node& at(HoldingIndex node) { return states_[node]; }
  const Node& at(HoldingIndex node) const { return states_[node]; }
  std::int64_t& next_iteration(HoldingIndex node, LeafIndex leaf);

  /// Words of an iteration's tile that an instance stores; none past the last iteration.
  PointSet tile_words(HoldingIndex node, std::int64_t iteration, const Place& place);

  /// A change of the words held by an instance (and the slots of words made again).
  void change_held(HoldingIndex node, const Place& place, std::int64_t words);
  void change_live(HoldingIndex node, const Place& place, std::int64_t words);
  /// Counts anew which of the words held are still to be read: by an einsum that has not finished its iteration, in the
  /// next one, or by a drain.
  void count_live(HoldingIndex node);
  /// Takes words out of a buffet; returns how many it held.
  static std::int64_t release(Buffet& buffet, const PointSet& words);

  /// A drain that frees space of the level has begun (+1) or is done (-1).
  void change_leaving(LevelId level, int drains) { leaving_[level] += drains; }
  bool writeback_pending(LevelId level) const;

  void note_peak(LevelId level);
  const LevelUsage& usage() const { return usage_; }

 private:
  const std::vector<LaneWords>* tile(HoldingIndex node, std::int64_t iteration);
  /// Adds the words of the node's tensor that an einsum stores for these operations.
  void add_stored(PointSet& words, HoldingIndex node, LeafIndex leaf, const PointSet& operations) const;

  const BoundTree* tree_;
  const Schedule* schedule_;
  const std::vector<HoldingNode>* nodes_;
  std::vector<Node> states_;
  LevelUsage usage_;
  std::map<LevelId, int> leaving_;
};

}  // namespace loopsim
