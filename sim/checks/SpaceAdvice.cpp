#include "sim/checks/SpaceAdvice.hpp"

#include <algorithm>

#include "sim/checks/MinimumSpace.hpp"

namespace loopsim {

namespace {

/// Halves the loop's tile in the tree; false if it has but one coordinate.
bool halve(BoundNode& loop) {
  if (loop.tile_shape) {
    if (*loop.tile_shape <= 1) return false;
    *loop.tile_shape = (*loop.tile_shape + 1) / 2;
    return true;
  }
  // Further tiles than this are of no use to anybody.
  constexpr std::int64_t most_tiles = 1'000'000;
  if (!loop.factor || *loop.factor >= most_tiles) return false;
  *loop.factor *= 2;
  return true;
}

/// Temporal loops above a storage node of the level: no other changes what it holds.
std::vector<NodeId> loops_above(const BoundTree& tree, LevelId level) {
  std::vector<NodeId> loops;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const BoundNode& node = tree.nodes[NodeId(i)];
    if (node.kind != NodeKind::storage || node.level != level) continue;
    for (const NodeId above : indices_above(tree, NodeId(i))) {
      if (tree.nodes[above].kind == NodeKind::temporal) loops.push_back(above);
    }
  }
  std::sort(loops.begin(), loops.end());
  loops.erase(std::unique(loops.begin(), loops.end()), loops.end());
  return loops;
}

/// Bits of the level that the schedule of a tree needs; nothing if it cannot be executed.
std::optional<std::int64_t> bits_needed_by(const BoundTree& tree, LevelId level) {
  try {
    return minimum_space(tree, make_schedule(tree), [](const RetiredOperation&) {}).at(level).bits;
  } catch (const UnheldWordsError&) {
    return std::nullopt;
  }
}

class Search {
 public:
  Search(const BoundTree& tree, LevelId level, std::int64_t bits_needed)
      : tree_(tree),
        level_(level),
        bits_needed_(bits_needed),
        available_(*tree.architecture.memories[level.value].size_bits) {}

  /// The one loop whose halved tile lowers the need most.
  std::optional<SpaceAdvice> best_alone() const {
    std::optional<SpaceAdvice> best;
    for (const NodeId loop : loops_above(tree_, level_)) {
      const auto advice = halved({loop});
      if (advice && advice->bits < (best ? best->bits : bits_needed_)) best = advice;
    }
    return best ? shrunk_until_it_fits(*best) : best;
  }

  /// All loops halved, but for those that need not be.
  std::optional<SpaceAdvice> fewest_together() const {
    std::vector<NodeId> loops = loops_above(tree_, level_);
    std::optional<SpaceAdvice> best = halved(loops);
    if (!best || best->bits >= bits_needed_) return std::nullopt;
    const std::int64_t enough = std::max(best->bits, available_);
    for (std::size_t i = 0; i < loops.size();) {
      std::vector<NodeId> fewer = loops;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const auto advice = fewer.empty() ? std::nullopt : halved(fewer);
      if (advice && advice->bits <= enough) {
        loops = std::move(fewer);
        best = advice;
      } else {
        ++i;
      }
    }
    return best;
  }

 private:
  /// With the tiles of these loops halved, as far as they can be; nothing if none can.
  std::optional<SpaceAdvice> halved(const std::vector<NodeId>& loops) const {
    BoundTree changed = tree_;
    SpaceAdvice advice;
    for (const NodeId loop : loops) {
      if (halve(changed.nodes[loop])) advice.loops.push_back(change_of(changed, loop));
    }
    if (advice.loops.empty()) return std::nullopt;
    const auto bits = bits_needed_by(changed, level_);
    if (!bits) return std::nullopt;
    advice.bits = *bits;
    return advice;
  }

  SpaceAdvice shrunk_until_it_fits(const SpaceAdvice& first) const {
    BoundTree changed = tree_;
    const NodeId loop = first.loops.front().loop;
    halve(changed.nodes[loop]);
    SpaceAdvice advice = first;
    while (advice.bits > available_ && halve(changed.nodes[loop])) {
      const auto bits = bits_needed_by(changed, level_);
      if (!bits || *bits >= advice.bits) return first;
      advice = {{change_of(changed, loop)}, *bits};
    }
    return advice.bits <= available_ ? advice : first;
  }

  static ShrunkLoop change_of(const BoundTree& changed, NodeId loop) {
    return {loop, changed.nodes[loop].tile_shape.value_or(0), changed.nodes[loop].factor.value_or(0)};
  }

  const BoundTree& tree_;
  LevelId level_;
  std::int64_t bits_needed_;
  std::int64_t available_;
};

}  // namespace

std::optional<SpaceAdvice> loops_to_shrink(const BoundTree& tree, LevelId level, std::int64_t bits_needed) {
  const Search search(tree, level, bits_needed);
  if (auto advice = search.best_alone()) return advice;
  return search.fewest_together();
}

}  // namespace loopsim
