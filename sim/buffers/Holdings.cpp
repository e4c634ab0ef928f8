#include "sim/buffers/Holdings.hpp"

#include <algorithm>
#include <set>

namespace loopsim {

Holdings::Holdings(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree),
      nodes_(holding_nodes(tree, schedule)),
      schedule_(&schedule),
      state_(tree, schedule, nodes_),
      planner_(tree, schedule, nodes_),
      accounts_(tree, schedule, nodes_) {}

void Holdings::start(LeafIndex leaf, const std::optional<TimeIndex>& first) {
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    const std::vector<LeafIndex>& users = nodes_[n].users;
    if (std::find(users.begin(), users.end(), leaf) == users.end()) continue;
    state_.next_iteration(n, leaf) = first ? state_.at(n).window.ordinal(*first) : BufferState::no_more;
  }
}

std::vector<Move> Holdings::admit(const Plan& plan) {
  std::vector<Move> moves;
  std::set<LevelId> grown;
  for (const Plan::Entry& entry : plan.entries) {
    const HoldingNode& node = nodes_[entry.node];
    BufferState::Node& state = state_.at(entry.node);
    state.opened = std::max(state.opened, entry.iteration);
    std::vector<LaneWords> peers = accounts_.touch(plan, entry);
    Move move;
    move.child = entry.node;
    move.einsum = schedule_->leaves[plan.leaf].einsum;
    for (const Plan::Lane& lane : entry.lanes) {
      Buffet& buffet = state.buffets[lane.place];
      const std::int64_t allocated = lane.allocate.size();
      buffet.held.unite(lane.allocate);
      if (lane.copies > 0) buffet.copies[entry.iteration] += lane.copies;
      state_.change_held(entry.node, lane.place, allocated + lane.copies);
      state_.change_live(entry.node, lane.place, allocated);
      if (!node.parent && !tree_->graph.tensors[node.tensor].writer) {
        buffet.expected.unite(lane.allocate);
        buffet.valid.unite(lane.allocate);
      }
      buffet.expected.unite(lane.move);
      state.retention.fetching(buffet, lane.move, entry.iteration);
      if (!lane.move.empty()) move.lanes.push_back({lane.place, lane.move});
    }
    grown.insert(node.level);
    if (move.lanes.empty()) continue;
    move.parent = *node.parent;
    move.written = Words(all_words(move.lanes));
    std::vector<LaneWords> rest = move.lanes;
    for (const LaneWords& taken : peers) {
      for (LaneWords& lane : rest) {
        if (lane.place == taken.place) lane.words.subtract(taken.words);
      }
    }
    move.read = Words(distinct_words(rest, nodes_[move.parent].place_size));
    move.peers = std::move(peers);
    accounts_.count_fill(move, plan.leaf);
    moves.push_back(std::move(move));
  }
  for (LevelId level : grown) state_.note_peak(level);
  return moves;
}

bool Holdings::inputs_ready(const Plan& plan) const {
  for (const Plan::Entry& entry : plan.entries) {
    if (!entry.innermost) continue;
    const bool written_before = tree_->graph.tensors[nodes_[entry.node].tensor].writer.has_value();
    for (const Plan::Lane& lane : entry.lanes) {
      const Buffet& buffet = state_.at(entry.node).buffets.at(lane.place);
      if (entry.output) {
        if (!includes(buffet.valid, subtract(lane.stored, lane.fresh))) return false;
      } else if (!includes(buffet.valid, lane.stored)) {
        return false;
      } else if (written_before && !includes(buffet.finished, lane.stored)) {
        // Sums of an earlier iteration: the later ones are still on their way up.
        return false;
      }
    }
  }
  return true;
}

bool Holdings::outputs_ready(const Plan& plan) const {
  for (const Plan::Entry& entry : plan.entries) {
    if (!entry.output || !entry.innermost) continue;
    for (const Plan::Lane& lane : entry.lanes) {
      if (!intersect(state_.at(entry.node).buffets.at(lane.place).in_flight, lane.stored).empty()) return false;
    }
  }
  return true;
}

bool Holdings::may_move(const Move& move) const {
  const HoldingNode& parent = nodes_[move.parent];
  const bool drain = move.kind == Move::Kind::drain;
  const std::optional<EinsumId> writer = tree_->graph.tensors[parent.tensor].writer;
  if (!drain && !parent.parent && !writer) return true;
  const std::map<Place, Buffet>& buffets = state_.at(move.parent).buffets;
  for (const LaneWords& lane : move.lanes) {
    const auto found = buffets.find(prefix_of(lane.place, parent.place_size));
    if (drain) {
      // What the parent still writes back itself is not written over.
      if (found != buffets.end() && !intersect(found->second.in_flight, lane.words).empty()) return false;
    } else {
      if (found == buffets.end() || !includes(found->second.valid, lane.words)) return false;
      // Only the writer fetches sums that are not complete.
      if (writer && *writer != move.einsum && !includes(found->second.finished, lane.words)) return false;
    }
  }
  return true;
}

void Holdings::complete(const Move& move) {
  if (move.kind == Move::Kind::fill) {
    complete_fill(move);
  } else {
    complete_drain(move);
  }
}

void Holdings::complete_fill(const Move& move) {
  const bool partial_sums = tree_->graph.tensors[nodes_[move.child].tensor].writer == move.einsum;
  for (const LaneWords& lane : move.lanes) {
    Buffet& child = buffet(move.child, lane.place);
    child.valid.unite(lane.words);
    if (!partial_sums) child.finished.unite(lane.words);
  }
}

void Holdings::complete_drain(const Move& move) {
  --state_.at(move.parent).drains_into;
  for (const LaneWords& lane : move.lanes) {
    Buffet& above = buffet_above(move.parent, lane.place);
    above.valid.unite(lane.words);
    above.finished.unite(intersect(lane.words, buffet(move.child, lane.place).finished));
    if (nodes_[move.parent].parent) above.dirty.unite(lane.words);
  }
  if (!move.leaving.empty()) state_.change_leaving(nodes_[move.child].level, -1);
  const BufferState::Node& open = state_.at(move.child);
  bool released = false;
  for (const LaneWords& lane : move.lanes) {
    Buffet& child = buffet(move.child, lane.place);
    child.in_flight.subtract(lane.words);
    PointSet gone = intersect(child.departing, lane.words);
    child.departing.subtract(lane.words);
    for (std::int64_t i = open.next_close; i <= open.opened && !gone.empty(); ++i) {
      gone.subtract(state_.tile_words(move.child, i, lane.place));
    }
    if (gone.empty()) continue;
    released = true;
    state_.change_held(move.child, lane.place, -release(move.child, lane.place, gone));
  }
  if (released) state_.count_live(move.child);
}

std::int64_t Holdings::release(HoldingIndex node, const Place& place, const PointSet& words) {
  if (words.empty()) return 0;
  if (on_release) on_release(node, place, words);
  accounts_.forget(node, place, words);
  return BufferState::release(buffet(node, place), words);
}

std::vector<Move> Holdings::retire(const Plan& plan, const std::optional<TimeIndex>& next) {
  std::vector<Move> drains;
  for (const Plan::Entry& entry : plan.entries) {
    std::int64_t& next_iteration = state_.next_iteration(entry.node, plan.leaf);
    next_iteration = next ? state_.at(entry.node).window.ordinal(*next) : BufferState::no_more;
    if (entry.output && entry.innermost) {
      for (const Plan::Lane& lane : entry.lanes) {
        Buffet& made = buffet(entry.node, lane.place);
        for (PointSet* set : {&made.expected, &made.valid, &made.dirty}) set->unite(lane.stored);
        made.finished.unite(intersect(lane.finished, lane.stored));
      }
      if (nodes_[entry.node].parent) write_back_early(entry, drains);
    }
    if (next_iteration > entry.iteration) state_.count_live(entry.node);
  }
  for (Move& drain : close_pending()) drains.push_back(std::move(drain));
  return drains;
}

bool Holdings::all_released() const {
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    if (state_.at(n).drains_into != 0 || !held_words(n).empty()) return false;
  }
  return true;
}

std::optional<std::int64_t> Holdings::free_bits(LevelId level, const Place& place) const {
  const auto& size = tree_->architecture.memories[level.value].size_bits;
  if (!size) return std::nullopt;
  return *size - state_.usage().most_bits(level, place);
}

std::vector<Holdings::HeldTile> Holdings::held(LevelId level) const {
  std::vector<HeldTile> tiles;
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].level != level) continue;
    for (const auto& [place, buffet] : state_.at(n).buffets) {
      if (!buffet.held.empty()) tiles.push_back({n, place, Words(buffet.held.size())});
    }
  }
  return tiles;
}

std::map<Place, PointSet> Holdings::held_words(HoldingIndex node) const {
  std::map<Place, PointSet> words;
  for (const auto& [place, buffet] : state_.at(node).buffets) {
    if (!buffet.held.empty()) words.emplace(place, buffet.held);
  }
  return words;
}

}  // namespace loopsim
