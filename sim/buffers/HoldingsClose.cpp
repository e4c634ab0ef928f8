// The end of an iteration: words that the next one does not need are released, results written back.
#include <algorithm>

#include "sim/buffers/Holdings.hpp"

namespace loopsim {

bool Holdings::can_close(HoldingIndex node) {
  BufferState::Node& state = state_.at(node);
  if (state.next_close > state.opened || state.drains_into > 0) return false;
  for (std::int64_t next : state.next_iteration) {
    if (next <= state.next_close) return false;
  }
  // Whatever a child still holds for this iteration has to come up first.
  const TimedIteration* mine = state.window.at(state.next_close);
  for (HoldingIndex child : nodes_[node].children) {
    BufferState::Node& below = state_.at(child);
    if (below.next_close > below.opened) continue;
    const TimedIteration* theirs = below.window.at(below.next_close);
    if (theirs != nullptr && std::equal(mine->time.begin(), mine->time.end(), theirs->time.begin())) return false;
  }
  // What has been made again since its write-back began is written back after it.
  return std::all_of(state.buffets.begin(), state.buffets.end(), [](const auto& buffet) {
    return intersect(buffet.second.dirty, buffet.second.in_flight).empty();
  });
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

void Holdings::add_to_drain(Move& drain, const Place& place, Buffet& buffet, PointSet words) {
  buffet.dirty.subtract(words);
  buffet.in_flight.unite(words);
  drain.lanes.push_back({place, std::move(words)});
}

/// Counts a drain, if it has any words, and takes the parent's older copies out of use.
void Holdings::finish_drain(Move&& drain, std::vector<Move>& drains) {
  if (drain.lanes.empty()) return;
  const HoldingNode& node = nodes_[drain.child];
  drain.parent = *node.parent;
  drain.read = Words(all_words(drain.lanes));
  drain.written = Words(distinct_words(drain.lanes, nodes_[drain.parent].place_size));
  drain.einsum = *tree_->graph.tensors[node.tensor].writer;
  accounts_.count_drain(drain);
  ++state_.at(drain.parent).drains_into;
  if (!drain.leaving.empty()) state_.change_leaving(node.level, 1);
  for (const LaneWords& lane : drain.lanes) {
    Buffet& above = buffet_above(drain.parent, lane.place);
    above.expected.unite(lane.words);
    above.valid.subtract(lane.words);
  }
  drains.push_back(std::move(drain));
}

void Holdings::write_back_early(const Plan::Entry& entry, std::vector<Move>& drains) {
  Move drain = new_drain(entry.node, entry.iteration);
  for (const Plan::Lane& lane : entry.lanes) {
    Buffet& made = buffet(entry.node, lane.place);
    PointSet words = state_.at(entry.node).retention.to_write_back(made, lane);
    if (!words.empty()) add_to_drain(drain, lane.place, made, std::move(words));
  }
  finish_drain(std::move(drain), drains);
}

void Holdings::close(HoldingIndex n, std::vector<Move>& drains) {
  BufferState::Node& state = state_.at(n);
  const HoldingNode& node = nodes_[n];
  const std::int64_t iteration = state.next_close;
  Move drain = new_drain(n, iteration);
  for (auto& [place, buffet] : state.buffets) {
    PointSet leaving = buffet.held;
    for (std::int64_t i = iteration + 1; i <= std::max(state.opened, iteration + 1) && !leaving.empty(); ++i) {
      leaving.subtract(state_.tile_words(n, i, place));
    }
    leaving = state.retention.to_release(buffet, std::move(leaving));
    if (node.parent) {
      PointSet write = intersect(buffet.dirty, unite(leaving, buffet.finished));
      if (!write.empty()) {
        const PointSet gone = intersect(leaving, write);
        if (!gone.empty()) drain.leaving.push_back({place, gone});
        add_to_drain(drain, place, buffet, std::move(write));
      }
    }
    buffet.departing.unite(intersect(leaving, buffet.in_flight));
    leaving.subtract(buffet.in_flight);
    std::int64_t released = release(n, place, leaving);
    for (auto copy = buffet.copies.begin(); copy != buffet.copies.end() && copy->first <= iteration + 1;) {
      released += copy->second;
      copy = buffet.copies.erase(copy);
    }
    state_.change_held(n, place, -released);
  }
  ++state.next_close;
  state.tiles.erase(iteration);
  state_.count_live(n);
  finish_drain(std::move(drain), drains);
  state.window.forget_before(state.next_close);
}

}  // namespace loopsim
