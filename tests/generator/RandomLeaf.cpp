#include <algorithm>

#include "tests/generator/TreeDraft.hpp"

namespace loopsim::generator {

namespace {

struct PlacedStorage {
  std::size_t position = 0;  ///< before the loop of this number
  int level = 0;
  std::size_t tensor = 0;
};

/// Tiles from the whole extent down to one word: outer loops, an unrolled one, the rest.
std::vector<NodeList> loops_by_rank(TreeDraft& draft, std::size_t e, TreePlace& place) {
  Dice& dice = draft.dice;
  const Einsum& einsum = draft.workload.einsums[e];
  std::vector<std::size_t> order;
  for (std::size_t r = 0; r < einsum.ranks.size(); ++r) order.push_back(r);
  dice.shuffle(order);
  int unrolled = dice.percent(draft.habits.spatial_loops) ? dice.pick(std::vector<int>{1, 1, 1, 2, 2, 2, 3}) : 0;
  std::vector<NodeList> by_rank;
  for (const std::size_t r : order) {
    NodeList loops;
    int extent = place.extents.empty() ? einsum.ranks[r].extent : place.extents[r];
    const auto tile_by = [&](NodeKind kind, int tile) {
      if (tile >= extent && !dice.percent(3)) return;
      loops.push_back(loop_node(draft, kind, e, r, extent, tile));
      extent = std::min(extent, tile);
    };
    if (extent > 2 && dice.percent(35)) tile_by(NodeKind::temporal, dice.between(2, extent - 1));
    int& free = place.columns >= place.rows ? place.columns : place.rows;
    if (unrolled > 0 && extent > 1 && free > 1) {
      const int lanes = dice.percent(60) ? std::min(extent, free) : dice.between(2, std::min(extent, free));
      const int tile = dice.percent(85) ? 1 : dice.between(1, std::max(1, extent / 2));
      if (extent > lanes * tile) tile_by(NodeKind::temporal, lanes * tile);
      const int used = ceil_divide(extent, tile);
      if (used > 1 && used <= free) {
        const int axis = &free == &place.columns ? 0 : 1;
        tile_by(NodeKind::spatial, tile);
        if (dice.percent(draft.habits.written_axis)) loops.back().axis = axis;
        free /= used;
        --unrolled;
        draft.features.spatial = true;
      }
    }
    if (extent > 3 && dice.percent(15)) tile_by(NodeKind::temporal, dice.between(2, extent / 2));
    if (extent > 1 && !dice.percent(draft.habits.whole_ranks)) tile_by(NodeKind::temporal, 1);
    by_rank.push_back(loops);
  }
  return by_rank;
}

/// One list, each rank's loops in their order.
NodeList interleave(Dice& dice, std::vector<NodeList> by_rank) {
  NodeList merged;
  while (true) {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < by_rank.size(); ++i) {
      if (!by_rank[i].empty()) left.push_back(i);
    }
    if (left.empty()) return merged;
    NodeList& from = by_rank[dice.pick(left)];
    merged.push_back(from.front());
    from.erase(from.begin());
  }
}

bool is_spatial(const Node& node) {
  return node.kind == NodeKind::spatial;
}

/// A loop over instances of the buffer would leave parts of a sum in each of them.
bool splits_sums(const Workload& workload, const Node& node) {
  return is_spatial(node) && !is_output_rank(workload.einsums[node.einsum], node.rank);
}

}  // namespace

void append_leaf(TreeDraft& draft, NodeList& list, std::size_t e, TreePlace place) {
  Dice& dice = draft.dice;
  const TreeHabits& habits = draft.habits;
  const NodeList loops = interleave(dice, loops_by_rank(draft, e, place));
  const auto first = static_cast<std::size_t>(std::find_if(loops.begin(), loops.end(), is_spatial) - loops.begin());
  std::size_t last_shared = first;  // level 1 stands above this loop
  if (dice.percent(habits.spatial_outside)) {
    while (last_shared < loops.size() && !splits_sums(draft.workload, loops[last_shared])) ++last_shared;
  }
  std::size_t inside = 0;  // of all nodes of the level before, below which the next level's stand
  std::vector<PlacedStorage> placed;
  const std::size_t shared_place = dice.below(last_shared + 1);  // where most of level 1 goes
  const bool together = dice.percent(60);
  for (const std::size_t tensor : tensors_of(draft.workload.einsums[e])) {
    const int stored = place.stored[tensor];
    if (stored < 0) placed.push_back({0, 0, tensor});
    std::size_t position = 0;
    const bool buffered = draft.room.memories > 1 && stored < 1 && !dice.percent(habits.skip_buffer);
    const bool again = draft.room.memories > 1 && stored == 1 && dice.percent(habits.restore);
    if (buffered || again) {
      position = together ? shared_place : dice.below(last_shared + 1);
      placed.push_back({position, 1, tensor});
      if (dice.percent(habits.restore) && position < last_shared) {
        position += 1 + dice.below(last_shared - position);
        placed.push_back({position, 1, tensor});
        draft.features.several_nodes = true;
      }
      draft.features.several_nodes |= again;
    }
    inside = std::max(inside, position);
  }
  for (int level = 2; level < draft.room.memories; ++level) {
    const std::size_t outside = inside;
    for (const std::size_t tensor : tensors_of(draft.workload.einsums[e])) {
      if (!dice.percent(habits.keep_private)) continue;
      std::size_t position = outside;
      if (dice.percent(75)) position = std::max(position, std::min(first + 1, loops.size()));
      position += dice.below(loops.size() - position + 1);
      placed.push_back({position, level, tensor});
      inside = std::max(inside, position);
      draft.features.private_level = true;
    }
  }
  // Outer levels first where several stand at one place.
  std::stable_sort(placed.begin(), placed.end(), [](const PlacedStorage& a, const PlacedStorage& b) {
    return a.position != b.position ? a.position < b.position : a.level < b.level;
  });
  std::size_t next = 0;
  for (std::size_t i = 0; i <= loops.size(); ++i) {
    while (next < placed.size() && placed[next].position == i) {
      std::vector<std::size_t> tensors;
      const int level = placed[next].level;
      for (; next < placed.size() && placed[next].position == i && placed[next].level == level; ++next) {
        tensors.push_back(placed[next].tensor);
      }
      append_storage(draft, list, level, tensors);
    }
    if (i < loops.size()) list.push_back(loops[i]);
  }
  Node compute;
  compute.einsum = e;
  compute.level = draft.room.memories;
  list.push_back(compute);
}

}  // namespace loopsim::generator
