#include "sim/buffers/BufferState.hpp"

#include <stdexcept>

#include "mapping/sets/Projection.hpp"
#include "sim/buffers/RetentionTable.hpp"

namespace loopsim {

BufferState::BufferState(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes)
    : tree_(&tree), schedule_(&schedule), nodes_(&nodes) {
  for (const HoldingNode& node : nodes) {
    std::vector<EinsumId> wanted;
    for (LeafIndex leaf : node.users) wanted.push_back(schedule.leaves[leaf].einsum);
    IterationWindow window = node.by_instance ? IterationWindow(tree, node.id, wanted, node.last_of_level)
                                              : IterationWindow(tree, node.id, wanted);
    states_.push_back({retention_policy(tree.architecture.memories[node.level.value], node.made_here),
                       std::move(window),
                       {},
                       std::vector<std::int64_t>(node.users.size(), 0),
                       0,
                       -1,
                       0,
                       {}});
  }
}

std::int64_t& BufferState::next_iteration(HoldingIndex node, LeafIndex leaf) {
  const std::vector<LeafIndex>& users = (*nodes_)[node].users;
  for (std::size_t u = 0; u < users.size(); ++u) {
    if (users[u] == leaf) return states_[node].next_iteration[u];
  }
  throw std::logic_error("an einsum uses a storage node that it does not know");
}

void BufferState::add_stored(PointSet& words, HoldingIndex node, LeafIndex leaf, const PointSet& operations) const {
  for (const TensorAccess* access : accesses_of(tree_->graph.einsums[schedule_->leaves[leaf].einsum])) {
    if (access->tensor == (*nodes_)[node].tensor) words.unite(stored_words(*tree_, *access, operations));
  }
}

const std::vector<LaneWords>* BufferState::tile(HoldingIndex node, std::int64_t iteration) {
  Node& state = states_[node];
  const auto cached = state.tiles.find(iteration);
  if (cached != state.tiles.end()) return &cached->second;
  const TimedIteration* timed = state.window.at(iteration);
  if (timed == nullptr) return nullptr;
  std::map<Place, PointSet> copies;
  for (const Lane& lane : timed->lanes) {
    PointSet& words = copies[prefix_of(lane.place, (*nodes_)[node].place_size)];
    for (LeafIndex leaf : (*nodes_)[node].users) {
      add_stored(words, node, leaf, lane.operations.at(schedule_->leaves[leaf].einsum));
    }
  }
  std::vector<LaneWords> lanes;
  for (auto& [place, words] : copies) lanes.push_back({place, std::move(words)});
  return &state.tiles.emplace(iteration, std::move(lanes)).first->second;
}

PointSet BufferState::tile_words(HoldingIndex node, std::int64_t iteration, const Place& place) {
  if (const std::vector<LaneWords>* lanes = tile(node, iteration)) {
    for (const LaneWords& lane : *lanes) {
      if (lane.place == place) return lane.words;
    }
  }
  return {};
}

void BufferState::note_peak(LevelId level) {
  Place where;
  if (!usage_.note_peak(level, where)) return;
  auto& by_node = usage_.peaks()[level].words_by_node;
  by_node.clear();
  for (HoldingIndex n = 0; n < states_.size(); ++n) {
    if ((*nodes_)[n].level != level) continue;
    for (const auto& [place, buffet] : states_[n].buffets) {
      if (starts_with(where, place)) by_node[(*nodes_)[n].id] = buffet.held.size();
    }
  }
}

void BufferState::change_held(HoldingIndex node, const Place& place, std::int64_t words) {
  const HoldingNode& holding = (*nodes_)[node];
  LevelUsage::Amount& usage = usage_.at(holding.level, place);
  usage.words += words;
  usage.bits += words * word_bits(*tree_, holding.tensor, holding.level);
}

void BufferState::change_live(HoldingIndex node, const Place& place, std::int64_t words) {
  states_[node].buffets[place].live += words;
  usage_.at((*nodes_)[node].level, place).live_words += words;
}

void BufferState::count_live(HoldingIndex node) {
  Node& state = states_[node];
  for (auto& [place, buffet] : state.buffets) {
    if (buffet.held.empty() && buffet.live == 0) continue;
    PointSet needed = (*nodes_)[node].parent ? buffet.dirty : PointSet();
    for (std::int64_t i = state.next_close; i <= state.opened; ++i) {
      const TimedIteration* timed = state.window.at(i);
      if (timed == nullptr) break;
      for (const Lane& lane : timed->lanes) {
        if (!starts_with(lane.place, place)) continue;
        for (std::size_t u = 0; u < state.next_iteration.size(); ++u) {
          if (state.next_iteration[u] > i) continue;
          const LeafIndex leaf = (*nodes_)[node].users[u];
          add_stored(needed, node, leaf, lane.operations.at(schedule_->leaves[leaf].einsum));
        }
      }
    }
    needed.unite(tile_words(node, state.opened + 1, place));
    change_live(node, place, buffet.held.size() - size_of_difference(buffet.held, needed) - buffet.live);
  }
}

std::int64_t BufferState::release(Buffet& buffet, const PointSet& words) {
  const std::int64_t before = buffet.held.size();
  for (PointSet* set : {&buffet.held, &buffet.expected, &buffet.valid, &buffet.dirty, &buffet.finished})
    set->subtract(words);
  return before - buffet.held.size();
}

bool BufferState::writeback_pending(LevelId level) const {
  const auto found = leaving_.find(level);
  return found != leaving_.end() && found->second > 0;
}

}  // namespace loopsim
