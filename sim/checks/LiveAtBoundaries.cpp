#include "sim/checks/LiveAtBoundaries.hpp"

#include <algorithm>
#include <utility>

namespace loopsim {

LiveAtBoundaries::LiveAtBoundaries(const BoundTree& tree, const Schedule& schedule)
    : nodes_(holding_nodes(tree, schedule)),
      counted_(std::all_of(schedule.leaves.begin(), schedule.leaves.end(),
                           [](const Leaf& leaf) { return !leaf.branches.empty(); })),
      used_(nodes_.size()) {}

void LiveAtBoundaries::visit(const Plan& plan, const Holdings& holdings, bool last_of_tile) {
  if (!counted_) return;
  for (const Plan::Entry& entry : plan.entries) {
    if (nodes_[entry.node].level == LevelId(0)) continue;
    for (const Plan::Lane& lane : entry.lanes) used_[entry.node][lane.place].unite(lane.stored);
  }
  if (!last_of_tile) return;
  if (tiles_.size() == most_tiles) {
    counted_ = false;
    tiles_.clear();
    return;
  }
  Tile tile;
  tile.used = std::exchange(used_, Words(nodes_.size()));
  tile.held.resize(nodes_.size());
  for (HoldingIndex node = 0; node < nodes_.size(); ++node) {
    if (nodes_[node].level != LevelId(0)) tile.held[node] = holdings.held_words(node);
  }
  tiles_.push_back(std::move(tile));
}

std::optional<std::map<LevelId, std::int64_t>> LiveAtBoundaries::most() const {
  if (!counted_) return std::nullopt;
  std::map<LevelId, std::int64_t> most;
  for (const HoldingNode& node : nodes_) {
    if (node.level != LevelId(0)) most[node.level] = 0;
  }
  Words later(nodes_.size());
  for (auto tile = tiles_.rbegin(); tile != tiles_.rend(); ++tile) {
    LevelUsage usage;
    for (HoldingIndex node = 0; node < nodes_.size(); ++node) {
      for (const auto& [place, held] : tile->held[node]) {
        const std::int64_t live = held.size() - size_of_difference(held, later[node][place]);
        usage.at(nodes_[node].level, place).words += live;
      }
      for (const auto& [place, used] : tile->used[node]) later[node][place].unite(used);
    }
    for (auto& [level, words] : most) words = std::max(words, usage.most_words(level));
  }
  return most;
}

}  // namespace loopsim
