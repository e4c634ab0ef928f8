#include "sim/schedule/Holdings.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/tree/Projection.hpp"

namespace loopsim {

namespace {

Place prefix_of(const Place& place, std::size_t size) { return Place(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(size)); }

bool starts_with(const Place& place, const Place& prefix) {
  return place.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), place.begin());
}

/// The operations of `operations` that do the first (or last) of the reduction for their output word.
PointSet at_reduction_edge(const BoundTree& tree, EinsumId einsum, const PointSet& operations, bool first) {
  const Einsum& e = tree.graph.einsums[einsum];
  PointSet result = operations;
  for (std::size_t rank : reduction_ranks(e)) {
    const Rank& bounds = tree.graph.ranks[e.ranks[rank]];
    const Coordinate at = first ? bounds.low : bounds.high - 1;
    result = slice(result, rank, at, at + 1);
  }
  return result;
}

/// Distinct words over the lanes that share an instance of the parent.
std::int64_t distinct_words(const std::vector<LaneWords>& lanes, std::size_t parent_place_size) {
  if (lanes.size() == 1) return lanes.front().words.size();
  std::map<Place, PointSet> by_parent;
  for (const LaneWords& lane : lanes) by_parent[prefix_of(lane.place, parent_place_size)].unite(lane.words);
  std::int64_t total = 0;
  for (const auto& [place, words] : by_parent) total += words.size();
  return total;
}

std::int64_t all_words(const std::vector<LaneWords>& lanes) {
  std::int64_t total = 0;
  for (const LaneWords& lane : lanes) total += lane.words.size();
  return total;
}

}  // namespace

Holdings::Holdings(const BoundTree& tree, const Schedule& schedule) : tree_(&tree), schedule_(&schedule) {
  std::map<NodeId, HoldingIndex> index_of;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const BoundNode& node = tree.nodes[NodeId(i)];
    if (node.kind != NodeKind::storage) continue;
    HoldingNode holding;
    holding.id = NodeId(i);
    holding.level = node.level;
    holding.tensor = node.tensor;
    holding.refetch = tree.architecture.memories[node.level.value].refetch;
    for (NodeId above : indices_above(tree, holding.id)) holding.place_size += tree.nodes[above].kind == NodeKind::spatial;
    bool in_array = true;
    bool several_stages = false;
    for (LeafIndex leaf = 0; leaf < schedule.leaves.size(); ++leaf) {
      const Leaf& l = schedule.leaves[leaf];
      const std::vector<NodeId> path = path_to(tree, l.program.compute);
      if (std::find(path.begin(), path.end(), holding.id) == path.end()) continue;
      if (std::find(l.program.nodes.begin(), l.program.nodes.end(), holding.id) != l.program.nodes.end()) continue;
      const auto accesses = accesses_of(tree.graph.einsums[l.einsum]);
      const bool uses = std::any_of(accesses.begin(), accesses.end(), [&](const TensorAccess* a) { return a->tensor == node.tensor; });
      if (!uses) continue;
      in_array = false;
      if (!holding.users.empty()) several_stages |= schedule.leaves[holding.users.front()].stage != l.stage;
      holding.users.push_back(leaf);
    }
    if (in_array) continue;
    for (std::optional<NodeId> above = node.parent; above; above = tree.nodes[*above].parent) {
      const auto found = index_of.find(*above);
      if (found != index_of.end() && nodes_[found->second].tensor == node.tensor) {
        holding.parent = found->second;
        nodes_[found->second].children.push_back(nodes_.size());
        break;
      }
    }
    index_of[holding.id] = nodes_.size();

    std::vector<EinsumId> wanted;
    for (LeafIndex leaf : holding.users) wanted.push_back(schedule.leaves[leaf].einsum);
    std::vector<TouchSeries::IndexKind> kinds;
    for (NodeId above : indices_above(tree, holding.id)) {
      const NodeKind kind = tree.nodes[above].kind;
      kinds.push_back({kind == NodeKind::spatial, kind != NodeKind::pipeline});
    }
    NodeState state{IterationWindow(tree, holding.id, wanted), {}, {}, 0, -1, 0, {}, several_stages};
    for (LeafIndex leaf : holding.users) {
      UserState user{leaf, TouchSeries(kinds), {}, {}, 0, {}};
      user.account.node = nodes_.size();
      user.account.leaf = leaf;
      user.account.measures.level = node.level;
      user.account.measures.tensor = node.tensor;
      user.account.measures.einsum = schedule.leaves[leaf].einsum;
      user.account.measures.node = node.ordinal;
      state.users.push_back(std::move(user));
    }
    nodes_.push_back(std::move(holding));
    states_.push_back(std::move(state));
  }
}

Holdings::UserState& Holdings::user(HoldingIndex node, LeafIndex leaf) {
  for (UserState& user : states_[node].users) {
    if (user.leaf == leaf) return user;
  }
  throw std::logic_error("an einsum uses a storage node that it does not know");
}

const std::vector<LaneWords>* Holdings::tile(HoldingIndex node, std::int64_t iteration) {
  NodeState& state = states_[node];
  const auto cached = state.tiles.find(iteration);
  if (cached != state.tiles.end()) return &cached->second;
  const TimedIteration* timed = state.window.at(iteration);
  if (timed == nullptr) return nullptr;
  std::vector<LaneWords> lanes;
  for (const Lane& lane : timed->lanes) {
    PointSet words;
    for (LeafIndex leaf : nodes_[node].users) {
      const EinsumId einsum = schedule_->leaves[leaf].einsum;
      for (const TensorAccess* access : accesses_of(tree_->graph.einsums[einsum])) {
        if (access->tensor == nodes_[node].tensor) words.unite(stored_words(*tree_, *access, lane.operations.at(einsum)));
      }
    }
    lanes.push_back({lane.place, std::move(words)});
  }
  return &state.tiles.emplace(iteration, std::move(lanes)).first->second;
}

PointSet Holdings::tile_words(HoldingIndex node, std::int64_t iteration, const Place& place) {
  if (const std::vector<LaneWords>* lanes = tile(node, iteration)) {
    for (const LaneWords& lane : *lanes) {
      if (lane.place == place) return lane.words;
    }
  }
  return {};
}

void Holdings::note_peak(LevelId level) {
  // A node above the spatial loops of its level is held by every instance below.
  for (const auto& [place, usage] : usage_[level]) {
    Usage total;
    for (const auto& [other, amount] : usage_[level]) {
      if (!starts_with(place, other)) continue;
      total.words += amount.words;
      total.live_words += amount.live_words;
      total.bits += amount.bits;
    }
    Peak& peak = peaks_[level];
    peak.words = std::max(peak.words, total.words);
    peak.live_words = std::max(peak.live_words, total.live_words);
    if (total.bits > peak.bits) {
      peak.bits = total.bits;
      peak.words_by_node.clear();
      for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
        if (nodes_[n].level != level) continue;
        for (const auto& [lane_place, lane] : states_[n].lanes) {
          if (starts_with(place, lane_place)) peak.words_by_node[nodes_[n].id] = lane.held.size();
        }
      }
    }
  }
}

void Holdings::change_held(HoldingIndex node, const Place& place, std::int64_t words) {
  Usage& usage = usage_[nodes_[node].level][place];
  usage.words += words;
  usage.bits += words * word_bits(*tree_, nodes_[node].tensor, nodes_[node].level);
}

void Holdings::change_live(HoldingIndex node, const Place& place, std::int64_t words) {
  states_[node].lanes[place].live += words;
  usage_[nodes_[node].level][place].live_words += words;
}

/// Words held and still to be read: by an einsum that has not finished its iteration, in the next one, or by a drain.
void Holdings::count_live(HoldingIndex node) {
  NodeState& state = states_[node];
  for (auto& [place, lane] : state.lanes) {
    if (lane.held.empty() && lane.live == 0) continue;
    PointSet needed = nodes_[node].parent ? lane.dirty : PointSet();
    for (std::int64_t i = state.next_close; i <= state.opened; ++i) {
      const TimedIteration* timed = state.window.at(i);
      if (timed == nullptr) break;
      for (const Lane& l : timed->lanes) {
        if (l.place != place) continue;
        for (const UserState& user : state.users) {
          if (user.next_iteration > i) continue;
          const EinsumId einsum = schedule_->leaves[user.leaf].einsum;
          for (const TensorAccess* access : accesses_of(tree_->graph.einsums[einsum])) {
            if (access->tensor == nodes_[node].tensor) needed.unite(stored_words(*tree_, *access, l.operations.at(einsum)));
          }
        }
      }
    }
    needed.unite(tile_words(node, state.opened + 1, place));
    change_live(node, place, lane.held.size() - size_of_difference(lane.held, needed) - lane.live);
  }
}

void Holdings::plan_access(const TileOperation& operation, const TensorAccess& access, bool output, Plan& plan) {
  const EinsumId einsum = schedule_->leaves[operation.leaf].einsum;
  std::vector<HoldingIndex> chain;
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    const auto& users = nodes_[n].users;
    if (nodes_[n].tensor == access.tensor && std::find(users.begin(), users.end(), operation.leaf) != users.end()) chain.push_back(n);
  }
  // What an operation needs, at the finest instances; a node above spatial loops sees the union.
  std::vector<Plan::Lane> finest;
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    Plan::Lane need;
    need.place = lane.place;
    need.touched = touched_words(*tree_, access, lane.operations);
    if (!output) {  // an einsum may read a tensor through several accesses
      for (const TensorAccess& other : tree_->graph.einsums[einsum].inputs) {
        if (&other != &access && other.tensor == access.tensor) {
          need.touched.unite(touched_words(*tree_, other, lane.operations));
        }
      }
    }
    need.stored = intersect(need.touched, tree_->tensors[access.tensor].extent);
    if (output) {
      need.fresh = image(access, at_reduction_edge(*tree_, einsum, lane.operations, true));
      need.finished = image(access, at_reduction_edge(*tree_, einsum, lane.operations, false));
    }
    finest.push_back(std::move(need));
  }
  const std::size_t first_entry = plan.entries.size();
  for (HoldingIndex n : chain) {
    Plan::Entry entry;
    entry.node = n;
    entry.output = output;
    entry.innermost = n == chain.back();
    entry.iteration = states_[n].window.ordinal(operation.time);
    for (const Plan::Lane& fine : finest) {
      const Place place = prefix_of(fine.place, nodes_[n].place_size);
      auto same = std::find_if(entry.lanes.begin(), entry.lanes.end(), [&](const Plan::Lane& l) { return l.place == place; });
      if (same == entry.lanes.end()) {
        entry.lanes.push_back(fine);
        entry.lanes.back().place = place;
      } else {
        same->touched.unite(fine.touched);
        same->stored.unite(fine.stored);
        same->fresh.unite(fine.fresh);
        same->finished.unite(fine.finished);
      }
    }
    for (Plan::Lane& lane : entry.lanes) {
      const LaneState& state = states_[n].lanes[lane.place];
      lane.allocate = subtract(lane.stored, state.held);
      if (nodes_[n].parent) {
        lane.move = output ? subtract(lane.allocate, lane.fresh) : lane.allocate;
        if (nodes_[n].refetch && !output) {
          lane.move = state.fetched_iteration == entry.iteration ? subtract(lane.stored, state.fetched) : lane.stored;
        }
        // Below the innermost node of an output nothing is read until a drain has spilled it.
        if (output && !entry.innermost) lane.move = {};
      } else if (!output && tree_->tensors[access.tensor].intermediate && !includes(state.expected, lane.stored)) {
        plan.sources_ready = false;
      }
      if (output && entry.innermost && states_[n].several_stages) {
        for (std::int64_t i = states_[n].next_close; i < entry.iteration; ++i) {
          const PointSet recomputed = intersect(intersect(lane.fresh, state.held), tile_words(n, i, lane.place));
          lane.copies += recomputed.size();
        }
      }
      const std::int64_t words = lane.allocate.size() + lane.copies;
      if (words > 0) {
        plan.bits[{nodes_[n].level, lane.place}] += words * word_bits(*tree_, access.tensor, nodes_[n].level);
      }
    }
    plan.entries.push_back(std::move(entry));
  }
  // A parent need not fetch what its child holds already; what it must pass on has to be there or on its way.
  for (std::size_t i = plan.entries.size(); i-- > first_entry + 1;) {
    const Plan::Entry& child = plan.entries[i];
    Plan::Entry& parent = plan.entries[i - 1];
    for (const Plan::Lane& lane : child.lanes) {
      if (lane.move.empty()) continue;
      for (const Plan::Lane& above : parent.lanes) {
        if (!starts_with(lane.place, above.place)) continue;
        const LaneState& state = states_[parent.node].lanes[above.place];
        const bool original = !nodes_[parent.node].parent && !tree_->graph.tensors[access.tensor].writer;
        if (!original && !includes(unite(state.expected, above.move), lane.move)) plan.sources_ready = false;
      }
    }
  }
}

Plan Holdings::plan(const TileOperation& operation) {
  Plan plan;
  plan.leaf = operation.leaf;
  plan.time = operation.time;
  const Einsum& einsum = tree_->graph.einsums[schedule_->leaves[operation.leaf].einsum];
  for (std::size_t i = 0; i < einsum.inputs.size(); ++i) {
    const auto same = [&](const TensorAccess& other) { return other.tensor == einsum.inputs[i].tensor; };
    const auto end = einsum.inputs.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(einsum.inputs.begin(), end, same) == end) plan_access(operation, einsum.inputs[i], false, plan);
  }
  plan_access(operation, einsum.output, true, plan);
  return plan;
}

/// Words of a fill that a neighbour along a spatial loop of this level held in the previous iteration (rule R6).
PointSet Holdings::from_neighbours(const HoldingNode& node, const UserState& u, const TimeIndex& time, const Place& place,
                                   const PointSet& fill) const {
  std::vector<std::size_t> own;  // positions in `place`
  std::size_t spatial = 0;
  bool last_is_loop = false;
  for (NodeId above : indices_above(*tree_, node.id)) {
    const BoundNode& index = tree_->nodes[above];
    if (index.kind == NodeKind::spatial) {
      if (index.level == node.level) {
        own.push_back(spatial);
      } else {
        last_is_loop = false;
      }
      ++spatial;
    } else {
      last_is_loop = index.kind == NodeKind::temporal;
    }
  }
  if (own.empty() || own.size() > 2 || !last_is_loop || time.back() == 0) return {};
  if (!u.previous_time) return {};
  TimeIndex expected = *u.previous_time;
  ++expected.back();
  if (expected != time) return {};
  PointSet result;
  for (std::size_t axis : own) {
    for (Coordinate step : {-1, 1}) {
      Place neighbour = place;
      neighbour[axis] += step;
      result.unite(intersect(fill, u.touch.previous(neighbour)));
    }
  }
  return result;
}

void Holdings::record_touch(const Plan& plan, const Plan::Entry& entry, std::vector<LaneWords>& peers) {
  const HoldingNode& node = nodes_[entry.node];
  UserState& u = user(entry.node, plan.leaf);
  AccessDifferences& own = u.account.differences;
  const TimeIndex time(plan.time.begin(), plan.time.begin() + static_cast<std::ptrdiff_t>(time_indices_above(*tree_, node.id)));
  if (!u.time || *u.time != time) {
    u.previous_time = u.time;
    u.time = time;
  }
  std::vector<LaneWords> padding;
  std::vector<LaneWords> shared;
  std::vector<LaneWords> refetched;
  std::vector<LaneWords> first;
  for (const Plan::Lane& lane : entry.lanes) {
    const PointSet touched = u.touch.touch(time, lane.place, lane.touched);
    const PointSet from_peers = from_neighbours(node, u, time, lane.place, touched);
    if (!from_peers.empty()) {
      u.account.measures.peer += from_peers.size();
      if (node.parent && !entry.output) {
        u.account.measures.reads += from_peers.size();
        peers.push_back({lane.place, from_peers});
      } else {
        own.local_peers += from_peers.size();
      }
    }
    if (!node.parent) continue;
    const PointSet stored = intersect(touched, lane.stored);
    padding.push_back({lane.place, subtract(touched, stored)});
    if (entry.output) {
      first.push_back({lane.place, intersect(stored, lane.fresh)});
      states_[entry.node].lanes[lane.place].owed.unite(stored);
    } else {
      shared.push_back({lane.place, subtract(stored, lane.move)});
      refetched.push_back({lane.place, subtract(lane.move, touched)});
    }
  }
  if (!node.parent) return;
  AccessDifferences& above = user(*node.parent, plan.leaf).account.differences;
  const std::size_t size = nodes_[*node.parent].place_size;
  own.padding_fills += all_words(padding);
  own.shared_fills += all_words(shared);
  own.refetched_fills += all_words(refetched);
  own.first_updates += all_words(first);
  above.child_padding += distinct_words(padding, size);
  above.child_shared += distinct_words(shared, size);
  above.child_refetched += distinct_words(refetched, size);
  above.child_first_updates += distinct_words(first, size);
}

std::vector<Move> Holdings::admit(const Plan& plan) {
  std::vector<Move> moves;
  std::map<LevelId, bool> grown;
  for (const Plan::Entry& entry : plan.entries) {
    const HoldingNode& node = nodes_[entry.node];
    NodeState& state = states_[entry.node];
    state.opened = std::max(state.opened, entry.iteration);
    std::vector<LaneWords> peers;
    record_touch(plan, entry, peers);
    Move move;
    move.child = entry.node;
    move.einsum = schedule_->leaves[plan.leaf].einsum;
    for (const Plan::Lane& lane : entry.lanes) {
      LaneState& held = state.lanes[lane.place];
      const std::int64_t allocated = lane.allocate.size();
      held.held.unite(lane.allocate);
      if (lane.copies > 0) held.copies[entry.iteration] += lane.copies;
      change_held(entry.node, lane.place, allocated + lane.copies);
      change_live(entry.node, lane.place, allocated);
      if (!node.parent && !tree_->graph.tensors[node.tensor].writer) {
        held.expected.unite(lane.allocate);
        held.valid.unite(lane.allocate);
      }
      if (node.refetch && !entry.output) {
        if (held.fetched_iteration != entry.iteration) held.fetched = {};
        held.fetched_iteration = entry.iteration;
        held.fetched.unite(lane.move);
      }
      if (!lane.move.empty()) {
        held.expected.unite(lane.move);
        held.valid.subtract(lane.move);
        move.lanes.push_back({lane.place, lane.move});
      }
    }
    grown[node.level] = true;
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
    AccessMeasures& child = user(move.child, plan.leaf).account.measures;
    AccessMeasures& parent = user(move.parent, plan.leaf).account.measures;
    child.writes += move.written.value;
    child.parent_reads += move.read.value;
    parent.reads += move.read.value;
    moves.push_back(std::move(move));
  }
  for (const auto& [level, changed] : grown) note_peak(level);
  return moves;
}

bool Holdings::inputs_ready(const Plan& plan) const {
  for (const Plan::Entry& entry : plan.entries) {
    if (!entry.innermost) continue;
    for (const Plan::Lane& lane : entry.lanes) {
      const LaneState& state = states_[entry.node].lanes.at(lane.place);
      if (entry.output) {
        if (!includes(state.valid, subtract(lane.stored, lane.fresh))) return false;
      } else if (!includes(state.valid, lane.stored)) {
        return false;
      }
    }
  }
  return true;
}

bool Holdings::source_ready(const Move& move) const {
  if (move.kind == Move::Kind::drain) return true;
  const HoldingNode& parent = nodes_[move.parent];
  if (!parent.parent && !tree_->graph.tensors[parent.tensor].writer) return true;
  for (const LaneWords& lane : move.lanes) {
    const auto found = states_[move.parent].lanes.find(prefix_of(lane.place, parent.place_size));
    if (found == states_[move.parent].lanes.end() || !includes(found->second.valid, lane.words)) return false;
  }
  return true;
}

void Holdings::complete(const Move& move) {
  if (move.kind == Move::Kind::fill) {
    for (const LaneWords& lane : move.lanes) states_[move.child].lanes[lane.place].valid.unite(lane.words);
    return;
  }
  NodeState& parent = states_[move.parent];
  --parent.drains_into;
  for (const LaneWords& lane : move.lanes) {
    LaneState& above = parent.lanes[prefix_of(lane.place, nodes_[move.parent].place_size)];
    above.valid.unite(lane.words);
    if (nodes_[move.parent].parent) above.dirty.unite(lane.words);
  }
  if (move.leaving.empty()) return;
  --leaving_[nodes_[move.child].level];
  NodeState& child = states_[move.child];
  for (const LaneWords& lane : move.leaving) {
    LaneState& state = child.lanes[lane.place];
    PointSet gone = lane.words;
    for (std::int64_t i = child.next_close; i <= child.opened; ++i) gone.subtract(tile_words(move.child, i, lane.place));
    const std::int64_t before = state.held.size();
    if (on_release && !gone.empty()) on_release(move.child, lane.place, gone);
    state.held.subtract(gone);
    state.expected.subtract(gone);
    state.valid.subtract(gone);
    change_held(move.child, lane.place, state.held.size() - before);
  }
  count_live(move.child);
}

void Holdings::start(LeafIndex leaf, const std::optional<TimeIndex>& first) {
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    for (UserState& u : states_[n].users) {
      if (u.leaf == leaf) u.next_iteration = first ? states_[n].window.ordinal(*first) : no_more;
    }
  }
}

std::vector<Move> Holdings::retire(const Plan& plan, const std::optional<TimeIndex>& next) {
  for (const Plan::Entry& entry : plan.entries) {
    UserState& u = user(entry.node, plan.leaf);
    const std::int64_t next_iteration = next ? states_[entry.node].window.ordinal(*next) : no_more;
    const bool finished_iteration = next_iteration > entry.iteration;
    u.next_iteration = next_iteration;
    if (entry.output && entry.innermost) {
      for (const Plan::Lane& lane : entry.lanes) {
        LaneState& state = states_[entry.node].lanes[lane.place];
        state.expected.unite(lane.stored);
        state.valid.unite(lane.stored);
        state.dirty.unite(lane.stored);
        state.finished.unite(intersect(lane.finished, lane.stored));
      }
    }
    if (finished_iteration) count_live(entry.node);
  }
  return close_pending();
}

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
  return true;
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
    std::int64_t released = 0;
    if (node.parent) {
      PointSet write = intersect(lane.dirty, unite(leaving, lane.finished));
      if (!write.empty()) {
        lane.dirty.subtract(write);
        rewritten += size_of_difference(write, lane.owed);
        lane.owed.subtract(write);
        const PointSet gone = intersect(leaving, write);
        leaving.subtract(gone);
        if (!gone.empty()) drain.leaving.push_back({place, gone});
        drain.lanes.push_back({place, std::move(write)});
      }
    }
    const std::int64_t before = lane.held.size();
    if (on_release && !leaving.empty()) on_release(n, place, leaving);
    lane.held.subtract(leaving);
    lane.expected.subtract(leaving);
    lane.valid.subtract(leaving);
    lane.dirty.subtract(leaving);
    lane.finished.subtract(leaving);
    released = before - lane.held.size();
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
      states_[drain.parent].lanes[prefix_of(lane.place, nodes_[drain.parent].place_size)].expected.unite(lane.words);
    }
    drains.push_back(std::move(drain));
  }
  state.window.forget_before(state.next_close);
}

bool Holdings::all_released() const {
  for (const NodeState& state : states_) {
    if (state.drains_into != 0) return false;
    for (const auto& [place, lane] : state.lanes) {
      if (!lane.held.empty()) return false;
    }
  }
  return true;
}

std::optional<std::int64_t> Holdings::free_bits(LevelId level, const Place& place) const {
  const auto& size = tree_->architecture.memories[level.value].size_bits;
  if (!size) return std::nullopt;
  std::int64_t most = 0;
  const auto usage = usage_.find(level);
  if (usage == usage_.end()) return *size;
  std::vector<Place> instances{place};
  for (const auto& [other, amount] : usage->second) {
    if (starts_with(other, place)) instances.push_back(other);
  }
  for (const Place& instance : instances) {
    std::int64_t bits = 0;
    for (const auto& [other, amount] : usage->second) {
      if (starts_with(instance, other)) bits += amount.bits;
    }
    most = std::max(most, bits);
  }
  return *size - most;
}

bool Holdings::writeback_pending(LevelId level) const {
  const auto found = leaving_.find(level);
  return found != leaving_.end() && found->second > 0;
}

void Holdings::add_array_traffic(const Leaf& leaf, const std::vector<TrafficPoint>& points,
                                 const std::vector<ArrayTraffic>& traffic) {
  const LeafIndex index = static_cast<LeafIndex>(&leaf - schedule_->leaves.data());
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
      if (!points[p].parent || nodes_[n].id != *points[p].parent) continue;
      Account& account = user(n, index).account;
      const ArrayTraffic& t = traffic[p];
      account.measures.reads += t.moved_parent;
      if (points[p].output) {
        account.measures.reads -= t.first_updates;
        account.measures.writes += t.moved_parent;
        account.differences.child_first_updates += t.first_updates;
      }
      account.differences.child_padding += t.touched_parent - t.moved_parent;
    }
  }
}

std::vector<Holdings::Account> Holdings::accounts() {
  std::vector<Account> result;
  for (NodeState& state : states_) {
    for (UserState& u : state.users) {
      u.touch.finish();
      AccessMeasures& measures = u.account.measures;
      measures.fills = u.touch.fills();
      measures.max_occupancy = u.touch.max_occupancy();
      if (auto series = u.touch.series()) {
        measures.fill_series = std::move(series->fill);
        measures.occupancy_series = std::move(series->occupancy);
      }
      result.push_back(u.account);
    }
  }
  return result;
}

}  // namespace loopsim
