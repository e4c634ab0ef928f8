// The end of an iteration: words that the next one does not need are released, results written back.
#include <algorithm>

#include "sim/buffers/Holdings.hpp"

namespace loopsim {

bool Holdings::can_close(HoldingIndex node) {
  NodeState& state = states_[node];
  if (state.next_close > state.opened || state.drains_into > 0) return false;
  for (const UserState& user : state.users) {
    if (user.next_iteration <= state.next_close) return false;
  }
  // Whatever a child still holds for this iteration has to come up first.
  const TimedIteration* mine = state.window.at(state.next_close);
  for (HoldingIndex child : nodes_[node].children) {
    NodeState& below = states_[child];
    if (below.next_close > below.opened) continue;
    const TimedIteration* theirs = below.window.at(below.next_close);
    if (theirs != nullptr && std::equal(mine->time.begin(), mine->time.end(), theirs->time.begin())) return false;
  }
  // What has been made again since its write-back began is written back after it.
  return std::all_of(state.lanes.begin(), state.lanes.end(),
                     [](const auto& lane) { return intersect(lane.second.dirty, lane.second.in_flight).empty(); });
}

std::vector<Move> Holdings::close_pending() {
  std::vector<Move> drains;
  bool progress = true;
  while (progress) {
    progress = false;
    for (HoldingIndex n = nodes_.size(); n-- > 0;) {
      while (can_close(n)) {
        close(n, drains);
        progress = true;
      }
    }
  }
  return drains;
}

Move Holdings::new_drain(HoldingIndex node, std::int64_t iteration) const {
  Move drain;
  drain.kind = Move::Kind::drain;
  drain.child = node;
  drain.iteration = iteration;
  return drain;
}

/// A drain is due to the fills up to its iteration: more than one if words came back before they had left, none if they
/// were made again while they were held. A stage that is ahead may have made words of a later iteration already.
void Holdings::add_to_drain(Move& drain, const Place& place, LaneState& lane, PointSet words, Due& due) {
  lane.dirty.subtract(words);
  lane.in_flight.unite(words);
  PointSet unpaid = words;
  for (auto owed = lane.owed.begin(); owed != lane.owed.end() && owed->first <= drain.iteration;) {
    const PointSet paid = intersect(owed->second, words);
    due.held += paid.size() - intersect(paid, unpaid).size();
    unpaid.subtract(paid);
    owed->second.subtract(paid);
    owed = owed->second.empty() ? lane.owed.erase(owed) : owed + 1;
  }
  for (auto owed = lane.owed.begin(); owed != lane.owed.end() && !unpaid.empty(); ++owed) {
    const PointSet paid = intersect(owed->second, unpaid);
    unpaid.subtract(paid);
    owed->second.subtract(paid);
  }
  due.rewritten += unpaid.size();
  drain.lanes.push_back({place, std::move(words)});
}

/// Counts a drain, if it has any words, and takes the parent's older copies out of use.
void Holdings::finish_drain(Move&& drain, const Due& due, std::vector<Move>& drains) {
  if (drain.lanes.empty()) return;
  const HoldingNode& node = nodes_[drain.child];
  drain.parent = *node.parent;
  drain.read = Words(all_words(drain.lanes));
  drain.written = Words(distinct_words(drain.lanes, nodes_[drain.parent].place_size));
  drain.einsum = *tree_->graph.tensors[node.tensor].writer;
  LeafIndex writer = 0;
  while (schedule_->leaves[writer].einsum != drain.einsum) ++writer;
  Account& child = user(drain.child, writer).account;
  child.measures.reads += drain.read.value;
  child.differences.drain_reads += drain.read.value;
  Account& parent = user(drain.parent, writer).account;
  parent.measures.writes += drain.written.value;
  parent.differences.rewritten += due.rewritten;
  parent.differences.held_writes += due.held;
  ++states_[drain.parent].drains_into;
  if (!drain.leaving.empty()) ++leaving_[node.level];
  for (const LaneWords& lane : drain.lanes) {
    LaneState& above = states_[drain.parent].lanes[prefix_of(lane.place, nodes_[drain.parent].place_size)];
    above.expected.unite(lane.words);
    above.valid.subtract(lane.words);  // an older copy is not read any more
  }
  drains.push_back(std::move(drain));
}

/// The words that an operation has updated for the last time, but for those whose older copy is still on its way.
void Holdings::write_back_early(const Plan::Entry& entry, std::vector<Move>& drains) {
  Move drain = new_drain(entry.node, entry.iteration);
  Due due;
  for (const Plan::Lane& lane : entry.lanes) {
    LaneState& state = states_[entry.node].lanes[lane.place];
    PointSet words = intersect(intersect(lane.finished, lane.stored), state.dirty);
    words.subtract(state.in_flight);
    if (!words.empty()) add_to_drain(drain, lane.place, state, std::move(words), due);
  }
  finish_drain(std::move(drain), due, drains);
}

void Holdings::close(HoldingIndex n, std::vector<Move>& drains) {
  NodeState& state = states_[n];
  const HoldingNode& node = nodes_[n];
  const std::int64_t iteration = state.next_close;
  Move drain = new_drain(n, iteration);
  Due due;
  for (auto& [place, lane] : state.lanes) {
    PointSet leaving = lane.held;
    for (std::int64_t i = iteration + 1; i <= std::max(state.opened, iteration + 1) && !leaving.empty(); ++i) {
      leaving.subtract(tile_words(n, i, place));
    }
    if (node.parent) {
      PointSet write = intersect(lane.dirty, unite(leaving, lane.finished));
      if (!write.empty()) {
        const PointSet gone = intersect(leaving, write);
        if (!gone.empty()) drain.leaving.push_back({place, gone});
        add_to_drain(drain, place, lane, std::move(write), due);
      }
    }
    lane.departing.unite(intersect(leaving, lane.in_flight));
    leaving.subtract(lane.in_flight);
    std::int64_t released = release(n, place, lane, leaving);
    for (auto copy = lane.copies.begin(); copy != lane.copies.end() && copy->first <= iteration + 1;) {
      released += copy->second;
      copy = lane.copies.erase(copy);
    }
    change_held(n, place, -released);
  }
  ++state.next_close;
  state.tiles.erase(iteration);
  count_live(n);
  finish_drain(std::move(drain), due, drains);
  state.window.forget_before(state.next_close);
}

}  // namespace loopsim
