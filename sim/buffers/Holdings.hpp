#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "sim/buffers/AccessAccounts.hpp"
#include "sim/buffers/BufferState.hpp"
#include "sim/buffers/HoldingNode.hpp"
#include "sim/buffers/Plan.hpp"
#include "sim/buffers/TilePlanner.hpp"

namespace loopsim {

/// What every buffer outside the array holds, word by word: what moves follows from it. Knows no time: the machine
/// says when an operation is admitted, when it retires and when a move is done, and gets back what to move.
class Holdings {
 public:
  Holdings(const BoundTree& tree, const Schedule& schedule);
  Holdings(const Holdings&) = delete;
  Holdings& operator=(const Holdings&) = delete;

  const std::vector<HoldingNode>& nodes() const { return nodes_; }

  /// Called with the words that a buffer gives up.
  std::function<void(HoldingIndex, const Place&, const PointSet&)> on_release;

  /// To be called once a leaf before anything else: when its first operation happens, if it has any.
  void start(LeafIndex leaf, const std::optional<TimeIndex>& first);

  Plan plan(const TileOperation& operation) { return planner_.plan(operation, state_); }
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
  Words words_held(LevelId level) const { return Words(state_.usage().most_words(level)); }
  /// What every storage node of a level holds, for messages.
  struct HeldTile {
    HoldingIndex node = 0;
    Place place;
    Words words;
  };
  std::vector<HeldTile> held(LevelId level) const;
  std::map<Place, PointSet> held_words(HoldingIndex node) const;
  /// Some word of the level is held only until it has been written back.
  bool writeback_pending(LevelId level) const { return state_.writeback_pending(level); }

  /// The array's traffic of a retired operation, by AccessTable row.
  void add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                         const std::vector<ArrayTraffic>& traffic) {
    accounts_.add_array_traffic(leaf, points, traffic);
  }

  using Peak = LevelUsage::Peak;
  const std::map<LevelId, Peak>& peaks() const { return state_.usage().peaks(); }

  /// By storage node and einsum; once, after the run.
  std::vector<AccessAccount> accounts() { return accounts_.finish(); }

 private:
  Buffet& buffet(HoldingIndex node, const Place& place) { return state_.at(node).buffets[place]; }
  /// The buffet of a node, its place or further out, that a finer place belongs to.
  Buffet& buffet_above(HoldingIndex node, const Place& place) {
    return buffet(node, prefix_of(place, nodes_[node].place_size));
  }
  /// Gives words up; returns how many were held.
  std::int64_t release(HoldingIndex node, const Place& place, const PointSet& words);
  void complete_fill(const Move& move);
  void complete_drain(const Move& move);
  bool can_close(HoldingIndex node);
  void close(HoldingIndex node, std::vector<Move>& drains);
  void write_back_early(const Plan::Entry& entry, std::vector<Move>& drains);
  Move new_drain(HoldingIndex node, std::int64_t iteration) const;
  static void add_to_drain(Move& drain, const Place& place, Buffet& buffet, PointSet words);
  void finish_drain(Move&& drain, std::vector<Move>& drains);

  const BoundTree* tree_;
  std::vector<HoldingNode> nodes_;
  const Schedule* schedule_;
  BufferState state_;
  TilePlanner planner_;
  AccessAccounts accounts_;
};

}  // namespace loopsim
