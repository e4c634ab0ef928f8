// The end of an iteration: words that the next one does not need are released, results written back.
#include <algorithm>

#include "sim/schedule/Holdings.hpp"

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

void Holdings::close(HoldingIndex n, std::vector<Move>& drains) {
  NodeState& state = states_[n];
  const HoldingNode& node = nodes_[n];
  const std::int64_t iteration = state.next_close;
  Move drain;
  drain.kind = Move::Kind::drain;
  drain.child = n;
  drain.iteration = iteration;
  std::int64_t rewritten = 0;
  for (auto& [place, lane] : state.lanes) {
    PointSet leaving = lane.held;
    for (std::int64_t i = iteration + 1; i <= std::max(state.opened, iteration + 1) && !leaving.empty(); ++i) {
      leaving.subtract(tile_words(n, i, place));
    }
    if (node.parent) {
      PointSet write = intersect(lane.dirty, unite(leaving, lane.finished));
      if (!write.empty()) {
        lane.dirty.subtract(write);
        lane.in_flight.unite(write);
        rewritten += size_of_difference(write, lane.owed);
        lane.owed.subtract(write);
        const PointSet gone = intersect(leaving, write);
        if (!gone.empty()) drain.leaving.push_back({place, gone});
        drain.lanes.push_back({place, std::move(write)});
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
  if (!drain.lanes.empty()) {
    drain.parent = *node.parent;
    drain.read = Words(all_words(drain.lanes));
    drain.written = Words(distinct_words(drain.lanes, nodes_[drain.parent].place_size));
    const Tensor& tensor = tree_->graph.tensors[node.tensor];
    drain.einsum = *tensor.writer;
    LeafIndex writer = 0;
    while (schedule_->leaves[writer].einsum != drain.einsum) ++writer;
    Account& child = user(n, writer).account;
    child.measures.reads += drain.read.value;
    child.differences.drain_reads += drain.read.value;
    Account& parent = user(drain.parent, writer).account;
    parent.measures.writes += drain.written.value;
    parent.differences.rewritten += rewritten;
    ++states_[drain.parent].drains_into;
    if (!drain.leaving.empty()) ++leaving_[node.level];
    for (const LaneWords& lane : drain.lanes) {
      LaneState& above = states_[drain.parent].lanes[prefix_of(lane.place, nodes_[drain.parent].place_size)];
      above.expected.unite(lane.words);
      above.valid.subtract(lane.words);  // an older copy is not read any more
    }
    drains.push_back(std::move(drain));
  }
  state.window.forget_before(state.next_close);
}

}  // namespace loopsim
