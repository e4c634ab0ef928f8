#include "sim/buffers/Holdings.hpp"

#include <algorithm>
#include <stdexcept>

#include "mapping/sets/Projection.hpp"

namespace loopsim {

Holdings::Holdings(const BoundTree& tree, const Schedule& schedule)
    : tree_(&tree), schedule_(&schedule), nodes_(holding_nodes(tree, schedule)) {
  for (const Leaf& leaf : schedule.leaves) edges_.push_back(reduction_edges(tree, leaf));
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    const HoldingNode& node = nodes_[n];
    std::vector<EinsumId> wanted;
    for (LeafIndex leaf : node.users) wanted.push_back(schedule.leaves[leaf].einsum);
    std::vector<TouchSeries::IndexKind> kinds;
    std::size_t spatial = 0;
    for (NodeId above : indices_above(tree, node.id)) {
      const NodeKind kind = tree.nodes[above].kind;
      if (kind == NodeKind::spatial && ++spatial > node.place_size) continue;
      kinds.push_back({kind == NodeKind::spatial, kind != NodeKind::pipeline});
    }
    for (std::size_t place = spatial_above(tree, node.id); place < node.place_size; ++place)
      kinds.push_back({true, false});
    IterationWindow window = node.by_instance ? IterationWindow(tree, node.id, wanted, node.last_of_level)
                                              : IterationWindow(tree, node.id, wanted);
    NodeState state{std::move(window), {}, {}, 0, -1, 0, {}};
    for (std::size_t u = 0; u < node.users.size(); ++u) {
      const LeafIndex leaf = node.users[u];
      UserState user{leaf, TouchSeries(kinds), {}, {}, 0, {}, {}, {}, 0, 0};
      const bool same_level = node.parent && nodes_[*node.parent].level == node.level;
      InstanceTouches instances(tree, node.id, node.last_of_level[u], same_level);
      if (instances.place_size() > 0) user.instances = std::move(instances);
      user.account.node = n;
      user.account.leaf = leaf;
      user.account.measures.level = node.level;
      user.account.measures.tensor = node.tensor;
      user.account.measures.einsum = schedule.leaves[leaf].einsum;
      user.account.measures.node = tree.nodes[node.id].ordinal;
      state.users.push_back(std::move(user));
    }
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
  std::map<Place, PointSet> copies;
  for (const Lane& lane : timed->lanes) {
    PointSet& words = copies[prefix_of(lane.place, nodes_[node].place_size)];
    for (LeafIndex leaf : nodes_[node].users) {
      const EinsumId einsum = schedule_->leaves[leaf].einsum;
      for (const TensorAccess* access : accesses_of(tree_->graph.einsums[einsum])) {
        if (access->tensor == nodes_[node].tensor)
          words.unite(stored_words(*tree_, *access, lane.operations.at(einsum)));
      }
    }
  }
  std::vector<LaneWords> lanes;
  for (auto& [place, words] : copies) lanes.push_back({place, std::move(words)});
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
  Place where;
  if (!usage_.note_peak(level, where)) return;
  auto& by_node = usage_.peaks()[level].words_by_node;
  by_node.clear();
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].level != level) continue;
    for (const auto& [place, lane] : states_[n].lanes) {
      if (starts_with(where, place)) by_node[nodes_[n].id] = lane.held.size();
    }
  }
}

void Holdings::change_held(HoldingIndex node, const Place& place, std::int64_t words) {
  LevelUsage::Amount& usage = usage_.at(nodes_[node].level, place);
  usage.words += words;
  usage.bits += words * word_bits(*tree_, nodes_[node].tensor, nodes_[node].level);
}

void Holdings::change_live(HoldingIndex node, const Place& place, std::int64_t words) {
  states_[node].lanes[place].live += words;
  usage_.at(nodes_[node].level, place).live_words += words;
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
        if (!starts_with(l.place, place)) continue;
        for (const UserState& user : state.users) {
          if (user.next_iteration > i) continue;
          const EinsumId einsum = schedule_->leaves[user.leaf].einsum;
          for (const TensorAccess* access : accesses_of(tree_->graph.einsums[einsum])) {
            if (access->tensor == nodes_[node].tensor)
              needed.unite(stored_words(*tree_, *access, l.operations.at(einsum)));
          }
        }
      }
    }
    needed.unite(tile_words(node, state.opened + 1, place));
    change_live(node, place, lane.held.size() - size_of_difference(lane.held, needed) - lane.live);
  }
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
        // An operation before this one may still be reading its copy of a tile that is fetched again.
        if (!node.refetch) held.valid.subtract(lane.move);
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
    move.peers = std::move(peers);
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
    const bool written_before = tree_->graph.tensors[nodes_[entry.node].tensor].writer.has_value();
    for (const Plan::Lane& lane : entry.lanes) {
      const LaneState& state = states_[entry.node].lanes.at(lane.place);
      if (entry.output) {
        if (!includes(state.valid, subtract(lane.stored, lane.fresh))) return false;
      } else if (!includes(state.valid, lane.stored)) {
        return false;
      } else if (written_before && !includes(state.finished, lane.stored)) {
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
      if (!intersect(states_[entry.node].lanes.at(lane.place).in_flight, lane.stored).empty()) return false;
    }
  }
  return true;
}

bool Holdings::may_move(const Move& move) const {
  const HoldingNode& parent = nodes_[move.parent];
  const bool drain = move.kind == Move::Kind::drain;
  const std::optional<EinsumId> writer = tree_->graph.tensors[parent.tensor].writer;
  if (!drain && !parent.parent && !writer) return true;
  for (const LaneWords& lane : move.lanes) {
    const auto found = states_[move.parent].lanes.find(prefix_of(lane.place, parent.place_size));
    if (drain) {
      // What the parent still writes back itself is not written over.
      if (found != states_[move.parent].lanes.end() && !intersect(found->second.in_flight, lane.words).empty())
        return false;
    } else {
      if (found == states_[move.parent].lanes.end() || !includes(found->second.valid, lane.words)) return false;
      // Only the writer fetches sums that are not complete.
      if (writer && *writer != move.einsum && !includes(found->second.finished, lane.words)) return false;
    }
  }
  return true;
}

void Holdings::complete(const Move& move) {
  if (move.kind == Move::Kind::fill) {
    const bool partial_sums = tree_->graph.tensors[nodes_[move.child].tensor].writer == move.einsum;
    for (const LaneWords& lane : move.lanes) {
      LaneState& state = states_[move.child].lanes[lane.place];
      state.valid.unite(lane.words);
      if (!partial_sums) state.finished.unite(lane.words);
    }
    return;
  }
  NodeState& parent = states_[move.parent];
  --parent.drains_into;
  for (const LaneWords& lane : move.lanes) {
    LaneState& above = parent.lanes[prefix_of(lane.place, nodes_[move.parent].place_size)];
    above.valid.unite(lane.words);
    above.finished.unite(intersect(lane.words, states_[move.child].lanes[lane.place].finished));
    if (nodes_[move.parent].parent) above.dirty.unite(lane.words);
  }
  if (!move.leaving.empty()) --leaving_[nodes_[move.child].level];
  NodeState& child = states_[move.child];
  bool released = false;
  for (const LaneWords& lane : move.lanes) {
    LaneState& state = child.lanes[lane.place];
    state.in_flight.subtract(lane.words);
    PointSet gone = intersect(state.departing, lane.words);
    state.departing.subtract(lane.words);
    for (std::int64_t i = child.next_close; i <= child.opened && !gone.empty(); ++i) {
      gone.subtract(tile_words(move.child, i, lane.place));
    }
    if (gone.empty()) continue;
    released = true;
    change_held(move.child, lane.place, -release(move.child, lane.place, state, gone));
  }
  if (released) count_live(move.child);
}

/// Gives words up; returns how many.
std::int64_t Holdings::release(HoldingIndex node, const Place& place, LaneState& lane, const PointSet& words) {
  if (words.empty()) return 0;
  if (on_release) on_release(node, place, words);
  const std::int64_t before = lane.held.size();
  for (UserState& user : states_[node].users) {
    if (const auto used = user.used.find(place); used != user.used.end()) used->second.subtract(words);
  }
  for (PointSet* set : {&lane.held, &lane.expected, &lane.valid, &lane.dirty, &lane.finished}) set->subtract(words);
  return before - lane.held.size();
}

void Holdings::start(LeafIndex leaf, const std::optional<TimeIndex>& first) {
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    for (UserState& u : states_[n].users) {
      if (u.leaf == leaf) u.next_iteration = first ? states_[n].window.ordinal(*first) : no_more;
    }
  }
}

std::vector<Move> Holdings::retire(const Plan& plan, const std::optional<TimeIndex>& next) {
  std::vector<Move> drains;
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
      if (nodes_[entry.node].early_write_back && nodes_[entry.node].parent) write_back_early(entry, drains);
    }
    if (finished_iteration) count_live(entry.node);
  }
  for (Move& drain : close_pending()) drains.push_back(std::move(drain));
  return drains;
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
  return *size - usage_.most_bits(level, place);
}

std::vector<Holdings::HeldTile> Holdings::held(LevelId level) const {
  std::vector<HeldTile> tiles;
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].level != level) continue;
    for (const auto& [place, lane] : states_[n].lanes) {
      if (!lane.held.empty()) tiles.push_back({n, place, Words(lane.held.size())});
    }
  }
  return tiles;
}

std::map<Place, PointSet> Holdings::held_words(HoldingIndex node) const {
  std::map<Place, PointSet> words;
  for (const auto& [place, lane] : states_[node].lanes) {
    if (!lane.held.empty()) words.emplace(place, lane.held);
  }
  return words;
}

bool Holdings::writeback_pending(LevelId level) const {
  const auto found = leaving_.find(level);
  return found != leaving_.end() && found->second > 0;
}

}  // namespace loopsim
