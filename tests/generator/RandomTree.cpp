#include "tests/generator/RandomTree.hpp"

#include <algorithm>
#include <set>

#include "tests/generator/TreeDraft.hpp"

namespace loopsim::generator {

int ceil_divide(int extent, int tile) {
  return (extent + tile - 1) / tile;
}

std::vector<std::size_t> tensors_of(const Einsum& einsum) {
  std::vector<std::size_t> tensors;
  for (const Access& read : einsum.reads) tensors.push_back(read.tensor);
  tensors.push_back(einsum.write.tensor);
  return tensors;
}

bool is_output_rank(const Einsum& einsum, std::size_t rank) {
  return std::any_of(einsum.write.indices.begin(), einsum.write.indices.end(),
                     [&](const Index& index) { return index.terms.front().rank == rank; });
}

Node storage_node(TreeDraft& draft, int level, std::size_t tensor) {
  Node node;
  node.kind = NodeKind::storage;
  node.level = level;
  node.tensors = {tensor};
  node.exploits_reuse = !draft.dice.percent(draft.habits.no_reuse);
  return node;
}

void append_storage(TreeDraft& draft, NodeList& list, int level, std::vector<std::size_t> tensors) {
  if (tensors.empty()) return;
  std::sort(tensors.begin(), tensors.end());
  if (draft.dice.percent(25)) draft.dice.shuffle(tensors);
  const bool one_each = draft.dice.percent(draft.habits.one_each);
  list.push_back(storage_node(draft, level, tensors.front()));
  for (std::size_t i = 1; i < tensors.size(); ++i) {
    const bool twice =
        std::find(list.back().tensors.begin(), list.back().tensors.end(), tensors[i]) != list.back().tensors.end();
    if (one_each || twice) {
      list.push_back(storage_node(draft, level, tensors[i]));
    } else {
      list.back().tensors.push_back(tensors[i]);
    }
  }
}

Node loop_node(TreeDraft& draft, NodeKind kind, std::size_t einsum, std::size_t rank, int extent, int tile) {
  Node node;
  node.kind = kind;
  node.einsum = einsum;
  node.rank = rank;
  node.tile = tile;
  draft.features.ragged |= tile < extent && extent % tile != 0;
  const int factor = ceil_divide(extent, tile);
  if (ceil_divide(extent, factor) == tile && draft.dice.percent(draft.habits.factors)) node.factor = factor;
  return node;
}

namespace {

using Group = std::vector<std::size_t>;

bool contains(const Group& group, std::size_t einsum) {
  return std::find(group.begin(), group.end(), einsum) != group.end();
}

/// Einsums whose output no other of the group reads.
Group heads_of(const Workload& workload, const Group& group) {
  Group heads;
  for (const std::size_t e : group) {
    const auto readers = readers_of(workload, workload.einsums[e].write.tensor);
    if (std::none_of(readers.begin(), readers.end(), [&](std::size_t r) { return contains(group, r); })) {
      heads.push_back(e);
    }
  }
  return heads;
}

/// Pieces that follow each other, each at least one einsum.
std::vector<Group> split(TreeDraft& draft, const Group& group) {
  Dice& dice = draft.dice;
  std::vector<Group> parts;
  const bool flat = group.size() < 3 || !dice.percent(draft.habits.nesting);
  std::set<std::size_t> cuts;
  if (flat) {
    for (std::size_t i = 1; i < group.size(); ++i) cuts.insert(i);
  } else {
    const std::size_t count = 1 + dice.below(std::min<std::size_t>(group.size() - 1, 3));
    while (cuts.size() < count) cuts.insert(1 + dice.below(group.size() - 1));
  }
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    parts.emplace_back(group.begin() + static_cast<std::ptrdiff_t>(begin),
                       group.begin() + static_cast<std::ptrdiff_t>(cut));
    begin = cut;
  }
  parts.emplace_back(group.begin() + static_cast<std::ptrdiff_t>(begin), group.end());
  return parts;
}

/// Whether a tensor is written in one part and read in another.
bool crosses(const Workload& workload, const std::vector<Group>& parts, std::size_t tensor) {
  const std::size_t writer = writer_of(workload, tensor);
  for (const Group& part : parts) {
    if (!contains(part, writer)) continue;
    for (const std::size_t reader : readers_of(workload, tensor)) {
      if (contains(part, reader)) continue;
      for (const Group& other : parts) {
        if (contains(other, reader)) return true;
      }
    }
  }
  return false;
}

/// Loops over ranks of the head, above a branch.
NodeList loops_above(TreeDraft& draft, std::size_t head, TreePlace& place) {
  Dice& dice = draft.dice;
  const Einsum& einsum = draft.workload.einsums[head];
  place.extents.clear();
  for (const Rank& rank : einsum.ranks) place.extents.push_back(rank.extent);
  NodeList loops;
  if (!dice.percent(draft.habits.loops_above)) return loops;
  const int count = dice.pick(std::vector<int>{1, 1, 1, 2, 2, 3});
  int iterations = 1;
  for (int i = 0; i < count; ++i) {
    const std::size_t rank = dice.below(einsum.ranks.size());
    int& extent = place.extents[rank];
    if (extent < 2) continue;
    const int tile = dice.percent(30) ? 1 : dice.between(1, extent - 1);
    const int tiles = ceil_divide(extent, tile);
    if (iterations * tiles > 200) continue;
    iterations *= tiles;
    const bool spatial = dice.percent(draft.habits.spatial_above) && tiles <= place.columns &&
                         draft.room.memories > 1 && is_output_rank(einsum, rank);
    loops.push_back(loop_node(draft, spatial ? NodeKind::spatial : NodeKind::temporal, head, rank, extent, tile));
    if (spatial) {
      if (dice.percent(draft.habits.written_axis)) loops.back().axis = 0;
      place.columns /= tiles;
      draft.features.spatial = true;
      draft.features.spatial_above_branch = true;
      place.in_instances = true;
    }
    draft.features.loops_above_branch = true;
    extent = tile;
  }
  return loops;
}

void append_group(TreeDraft& draft, NodeList& list, const Group& group, const TreePlace& place, int depth);

void append_branch(TreeDraft& draft, NodeList& list, const Group& group, TreePlace place, int depth) {
  Dice& dice = draft.dice;
  const Workload& workload = draft.workload;
  const std::vector<Group> parts = split(draft, group);
  const Group heads = heads_of(workload, group);
  place.extents.clear();
  const bool was_in_instances = place.in_instances;
  const NodeList loops = heads.size() == 1 ? loops_above(draft, heads.front(), place) : NodeList{};
  std::vector<std::vector<std::pair<int, std::size_t>>> stores(loops.size() + 1);
  std::set<std::size_t> tensors;
  for (const std::size_t e : group) {
    for (const std::size_t tensor : tensors_of(workload.einsums[e])) tensors.insert(tensor);
  }
  const std::size_t usual = dice.below(loops.size() + 1);
  for (const std::size_t tensor : tensors) {
    const bool crossing = crosses(workload, parts, tensor);
    int& stored = place.stored[tensor];
    std::size_t slot = dice.percent(50) ? usual : dice.below(loops.size() + 1);
    if (crossing && stored < 0 && draft.room.memories > 1 && !was_in_instances && dice.percent(draft.habits.off_chip)) {
      stores[0].push_back({0, tensor});
      stored = 0;
    }
    const int chance = crossing ? (stored < 0 ? 100 : 50) : draft.habits.early_storage;
    if (stored < 1 && dice.percent(chance)) {
      if (stored < 0 && !crossing) continue;  // main memory comes first
      const int level = std::min(1, draft.room.memories - 1);
      if (level > stored) {
        slot += dice.below(loops.size() + 1 - slot);
        stores[slot].push_back({level, tensor});
        stored = level;
      }
    }
    if (stored == 1 && dice.percent(draft.habits.restore)) {
      slot += dice.below(loops.size() + 1 - slot);
      stores[slot].push_back({1, tensor});
      draft.features.several_nodes = true;
    }
  }
  for (std::size_t i = 0; i <= loops.size(); ++i) {
    for (const int level : {0, 1}) {
      std::vector<std::size_t> here;
      for (const auto& [at, tensor] : stores[i]) {
        if (at == level) here.push_back(tensor);
      }
      append_storage(draft, list, level, here);
    }
    if (i < loops.size()) list.push_back(loops[i]);
  }
  Node branch;
  branch.kind = dice.percent(draft.habits.pipeline) ? NodeKind::pipeline : NodeKind::sequential;
  draft.features.pipeline |= branch.kind == NodeKind::pipeline;
  draft.features.nested_branches |= depth > 0;
  if (branch.kind == NodeKind::pipeline) place.columns = std::max(1, place.columns / static_cast<int>(parts.size()));
  for (const Group& part : parts) {
    TreePlace below = place;
    if (heads.empty() || part.size() > 1 || part.front() != heads.front()) below.extents.clear();
    branch.branches.emplace_back();
    append_group(draft, branch.branches.back(), part, below, depth + 1);
  }
  list.push_back(branch);
}

void append_group(TreeDraft& draft, NodeList& list, const Group& group, const TreePlace& place, int depth) {
  if (group.size() > 1) {
    append_branch(draft, list, group, place, depth);
  } else if (draft.dice.percent(4)) {  // a branch of one
    Node branch;
    branch.kind = NodeKind::sequential;
    branch.branches.emplace_back();
    append_leaf(draft, branch.branches.back(), group.front(), place);
    list.push_back(branch);
  } else {
    append_leaf(draft, list, group.front(), place);
  }
}

}  // namespace

TreeHabits random_tree_habits(Dice& dice) {
  TreeHabits habits;
  const auto choose = [&](const std::vector<int>& from) { return dice.pick(from); };
  habits.pipeline = choose({0, 40, 60, 100});
  habits.nesting = choose({0, 50, 100});
  habits.loops_above = choose({50, 80, 100});
  habits.spatial_above = choose({0, 0, 0, 10, 30});
  habits.early_storage = choose({10, 30, 60});
  habits.restore = choose({0, 0, 5, 20});
  habits.off_chip = choose({0, 0, 20, 100});
  habits.late_main_memory = choose({0, 0, 0, 15});
  habits.skip_buffer = choose({0, 0, 0, 10});
  habits.no_reuse = choose({0, 0, 0, 20});
  habits.spatial_loops = choose({0, 60, 90, 100});
  habits.spatial_outside = choose({0, 0, 0, 30});
  habits.keep_private = choose({0, 40, 60, 90});
  habits.factors = choose({0, 0, 30, 100});
  habits.one_each = choose({0, 20, 100});
  habits.written_axis = choose({0, 100, 100, 100});
  habits.whole_ranks = choose({0, 0, 0, 0, 0, 0, 10});
  return habits;
}

RandomTree random_tree(const Workload& workload, const TreeRoom& room, const TreeHabits& habits, Dice& dice) {
  TreeDraft draft{workload, room, habits, dice, {}};
  TreePlace place;
  place.stored.assign(workload.tensors.size(), -1);
  place.columns = room.columns;
  place.rows = room.rows;
  RandomTree made;
  std::vector<std::size_t> outermost;
  for (std::size_t t = 0; t < workload.tensors.size(); ++t) {
    const auto readers = readers_of(workload, t);
    const bool outside = is_input(workload, t) || readers.empty();
    const bool late = is_input(workload, t) && readers.size() == 1 && habits.spatial_above == 0;
    if (late && dice.percent(habits.late_main_memory)) continue;
    if (outside || dice.percent(habits.off_chip / 2)) outermost.push_back(t);
  }
  append_storage(draft, made.nodes, 0, outermost);
  for (const std::size_t t : outermost) place.stored[t] = 0;
  Group all;
  for (std::size_t e = 0; e < workload.einsums.size(); ++e) all.push_back(e);
  append_group(draft, made.nodes, all, place, 0);
  made.features = draft.features;
  return made;
}

}  // namespace loopsim::generator
