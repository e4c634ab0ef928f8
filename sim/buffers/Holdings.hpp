#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "mapping/Measures.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/buffers/HoldingNode.hpp"
#include "sim/buffers/InstanceTouches.hpp"
#include "sim/buffers/LevelUsage.hpp"
#include "sim/buffers/Move.hpp"
#include "sim/buffers/Plan.hpp"
#include "sim/buffers/ReductionEdges.hpp"
#include "sim/buffers/TouchSeries.hpp"
#include "sim/schedule/ArrayTraffic.hpp"
#include "sim/schedule/IterationWindow.hpp"

namespace loopsim {

/// What every buffer outside the array holds, word by word: what moves follows from it. Knows no time: the machine
/// says when an operation is admitted, when it retires and when a move is done, and gets back what to move.
class Holdings {
 public:
  Holdings(const BoundTree& tree, const Schedule& schedule);

  const std::vector<HoldingNode>& nodes() const { return nodes_; }

  /// Called with the words that a buffer gives up.
  std::function<void(HoldingIndex, const Place&, const PointSet&)> on_release;

  /// To be called once a leaf before anything else: when its first operation happens, if it has any.
  void start(LeafIndex leaf, const std::optional<TimeIndex>& first);

  Plan plan(const TileOperation& operation);
  /// Allocates, and returns the fills to be made; a fill whose source is itself being filled comes after it.
  std::vector<Move> admit(const Plan& plan);
  /// All input words are in the innermost buffers.
  bool inputs_ready(const Plan& plan) const;
  /// No word that the operation writes is still being written back.
  bool outputs_ready(const Plan& plan) const;
  /// A move's words are valid in its source, and its destination may be written.
  bool may_move(const Move& move) const;
  void complete(const Move& move);
  /// The operation's results are there. `next` is the time of the leaf's next operation, if any. Returns the drains of
  /// the iterations that end with it.
  std::vector<Move> retire(const Plan& plan, const std::optional<TimeIndex>& next);
  /// Drains of iterations whose end waited for moves to complete.
  std::vector<Move> close_pending();
  bool all_released() const;

  /// Bits free in an instance of a level: size minus what is held. Nothing = unlimited.
  std::optional<std::int64_t> free_bits(LevelId level, const Place& place) const;
  /// Words that the fullest instance of a level holds.
  Words words_held(LevelId level) const { return Words(usage_.most_words(level)); }
  /// What every storage node of a level holds, for messages.
  struct HeldTile {
    HoldingIndex node = 0;
    Place place;
    Words words;
  };
  std::vector<HeldTile> held(LevelId level) const;
  std::map<Place, PointSet> held_words(HoldingIndex node) const;
  /// Some word of the level is held only until it has been written back.
  bool writeback_pending(LevelId level) const;

  /// The array's traffic of a retired operation, by AccessTable row.
  void add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                         const std::vector<ArrayTraffic>& traffic);

  using Peak = LevelUsage::Peak;
  const std::map<LevelId, Peak>& peaks() const { return usage_.peaks(); }

  /// Per storage node and einsum, after the run.
  struct Account {
    HoldingIndex node = 0;
    LeafIndex leaf = 0;
    AccessMeasures measures;
    AccessDifferences differences;
  };
  std::vector<Account> accounts();

 private:
  struct LaneState {
    PointSet held;
    PointSet expected;  ///< valid or on the way
    PointSet valid;
    PointSet dirty;      ///< not yet in the parent
    PointSet finished;   ///< accumulation is complete (perhaps of an earlier copy)
    PointSet in_flight;  ///< being written back
    PointSet departing;  ///< of those, what leaves when that is done
    /// Filled in an iteration, so due to be written to the parent once.
    std::vector<std::pair<std::int64_t, PointSet>> owed;
    PointSet fetched;  ///< in the current iteration, where every tile is fetched whole
    std::int64_t fetched_iteration = -1;
    std::int64_t live = 0;
    std::map<std::int64_t, std::int64_t> copies;  ///< by the iteration that made them
  };
  struct UserState {
    LeafIndex leaf = 0;
    TouchSeries touch;
    std::optional<TimeIndex> time;           ///< of the current iteration
    std::optional<TimeIndex> previous_time;  ///< of the one before
    std::int64_t next_iteration = 0;         ///< of the next operation; a large number when there is none
    Account account;
    std::optional<InstanceTouches> instances;  ///< where there may be several
    std::map<Place, PointSet> used;  ///< words that it has used since they came, where others use the node too
    std::int64_t distinct = 0;       ///< words of its fills, each once for all instances that take it
    std::int64_t after_peers = 0;    ///< the same without those that neighbours give
  };
  /// What one operation touched of a node, by instance, and how it was served.
  struct Touched {
    std::vector<LaneWords> fill;
    std::vector<LaneWords> padding;
    std::vector<LaneWords> first;    ///< outputs: begun here
    std::vector<LaneWords> moved;    ///< of the fill, fetched
    std::vector<LaneWords> held;     ///< of the fill, still there from an earlier use
    std::vector<LaneWords> fetched;  ///< whether or not it is a fill
  };
  struct NodeState {
    IterationWindow window;
    std::map<Place, LaneState> lanes;
    std::vector<UserState> users;
    std::int64_t next_close = 0;
    std::int64_t opened = -1;
    int drains_into = 0;
    std::map<std::int64_t, std::vector<LaneWords>> tiles;
  };

  static constexpr std::int64_t no_more = INT64_MAX;

  const std::vector<LaneWords>* tile(HoldingIndex node, std::int64_t iteration);
  PointSet tile_words(HoldingIndex node, std::int64_t iteration, const Place& place);
  UserState& user(HoldingIndex node, LeafIndex leaf);
  void change_held(HoldingIndex node, const Place& place, std::int64_t words);
  void change_live(HoldingIndex node, const Place& place, std::int64_t words);
  void note_peak(LevelId level);
  void count_live(HoldingIndex node);
  void plan_access(const TileOperation& operation, const TensorAccess& access, bool output, Plan& plan);
  std::vector<LaneWords> touched_by_instance(HoldingIndex node, const TileOperation& operation) const;
  PointSet from_neighbours(const HoldingNode& node, const UserState& user, const TimeIndex& time, const Place& place,
                           const PointSet& fill) const;
  void record_touch(const Plan& plan, const Plan::Entry& entry, std::vector<LaneWords>& peers);
  void account_for(const Plan& plan, const Plan::Entry& entry, const Touched& touched,
                   const std::vector<LaneWords>& peers);
  void compare_with_rules(HoldingIndex node, UserState& user);
  std::int64_t release(HoldingIndex node, const Place& place, LaneState& lane, const PointSet& words);
  bool can_close(HoldingIndex node);
  void close(HoldingIndex node, std::vector<Move>& drains);
  Move new_drain(HoldingIndex node, std::int64_t iteration) const;
  /// Words written to a parent against the fills that they are due to.
  struct Due {
    std::int64_t rewritten = 0;
    std::int64_t held = 0;
  };
  void add_to_drain(Move& drain, const Place& place, LaneState& lane, PointSet words, Due& due);
  void finish_drain(Move&& drain, const Due& due, std::vector<Move>& drains);
  void write_back_early(const Plan::Entry& entry, std::vector<Move>& drains);

  const BoundTree* tree_;
  const Schedule* schedule_;
  std::vector<HoldingNode> nodes_;
  std::vector<NodeState> states_;
  std::vector<ReductionEdges> edges_;  ///< by leaf
  LevelUsage usage_;
  std::map<LevelId, int> leaving_;  ///< drains on the way that free space
};

}  // namespace loopsim
