#include "sim/SpaceAdvice.hpp"

#include <algorithm>

#include "sim/schedule/MinimumSpace.hpp"

namespace loopsim {

namespace {

/// Halves the loop's tile in the tree; false if it has but one coordinate.
bool halve(BoundNode& loop, SpaceAdvice& advice) {
  if (loop.tile_shape) {
    if (*loop.tile_shape <= 1) return false;
    *loop.tile_shape = advice.tile_shape = (*loop.tile_shape + 1) / 2;
    return true;
  }
  // Further tiles than this are of no use to anybody.
  constexpr std::int64_t most_tiles = 1'000'000;
  if (!loop.factor || *loop.factor >= most_tiles) return false;
  *loop.factor = advice.factor = *loop.factor * 2;
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

}  // namespace

std::optional<SpaceAdvice> best_loop_to_shrink(const BoundTree& tree, LevelId level, std::int64_t bits_needed) {
  std::optional<SpaceAdvice> best;
  for (const NodeId loop : loops_above(tree, level)) {
    SpaceAdvice advice;
    advice.loop = loop;
    BoundTree changed = tree;
    if (!halve(changed.nodes[loop], advice)) continue;
    try {
      const auto space = minimum_space(changed, make_schedule(changed), [](const RetiredOperation&) {});
      advice.bits = space.at(level).bits;
    } catch (const UnheldWordsError&) {
      continue;
    }
    if (advice.bits < (best ? best->bits : bits_needed)) best = advice;
  }
  return best;
}

}  // namespace loopsim
