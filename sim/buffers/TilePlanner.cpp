// What a tile operation needs of the buffers, worked out against what they hold.
#include "sim/buffers/TilePlanner.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "sim/schedule/LoopTiles.hpp"

namespace loopsim {

namespace {

/// The operations of `operations` at the given coordinates of the reduction ranks.
PointSet at_reduction_edge(const Einsum& einsum, const PointSet& operations, const std::vector<Coordinate>& at) {
  PointSet result = operations;
  const auto ranks = reduction_ranks(einsum);
  for (std::size_t i = 0; i < ranks.size(); ++i) result = slice(result, ranks[i], at[i], at[i] + 1);
  return result;
}

/// What each instance of a level does of a tile operation: the lanes are split further down to the level's last node.
std::map<Place, PointSet> operations_by_instance(const BoundTree& tree, const ArrayProgram& program, NodeId last,
                                                 const std::vector<ArrayLane>& lanes) {
  std::vector<ArrayLane> pieces;
  for (const ArrayLane& lane : lanes) {
    if (!lane.operations.empty()) pieces.push_back(lane);
  }
  const auto end = std::find(program.nodes.begin(), program.nodes.end(), last);
  for (auto node = program.nodes.begin(); end != program.nodes.end() && node != end; ++node) {
    const BoundNode& loop = tree.nodes[*node];
    if (!is_loop(loop.kind)) continue;
    std::vector<ArrayLane> inner;
    for (const ArrayLane& piece : pieces) {
      for (auto& [index, tile] : tiles_of_loop(loop, piece.operations)) {
        inner.push_back({piece.place, std::move(tile)});
        if (loop.kind == NodeKind::spatial) inner.back().place.push_back(index);
      }
    }
    pieces = std::move(inner);
  }
  const std::size_t size = spatial_above(tree, last);
  std::map<Place, PointSet> result;
  for (const ArrayLane& piece : pieces) result[prefix_of(piece.place, size)].unite(piece.operations);
  return result;
}

}  // namespace

TilePlanner::TilePlanner(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes)
    : tree_(&tree), schedule_(&schedule), nodes_(&nodes) {
  for (const Leaf& leaf : schedule.leaves) edges_.push_back(reduction_edges(tree, leaf));
}

/// What every instance touches of a node whose copy serves several of them.
std::vector<LaneWords> TilePlanner::touched_by_instance(HoldingIndex n, const TileOperation& operation) const {
  const HoldingNode& node = (*nodes_)[n];
  const Leaf& leaf = schedule_->leaves[operation.leaf];
  const auto user = std::find(node.users.begin(), node.users.end(), operation.leaf) - node.users.begin();
  std::vector<LaneWords> result;
  for (const auto& [place, operations] : operations_by_instance(
           *tree_, leaf.program, node.last_of_level[static_cast<std::size_t>(user)], operation.lanes)) {
    LaneWords touched{place, {}};
    for (const TensorAccess* access : accesses_of(tree_->graph.einsums[leaf.einsum])) {
      if (access->tensor == node.tensor) touched.words.unite(touched_words(*tree_, *access, operations));
    }
    result.push_back(std::move(touched));
  }
  return result;
}

/// The tensor's storage nodes on the way to an einsum, parents before children.
std::vector<HoldingIndex> TilePlanner::chain_of(TensorId tensor, LeafIndex leaf) const {
  std::vector<HoldingIndex> chain;
  for (HoldingIndex n = 0; n < nodes_->size(); ++n) {
    const auto& users = (*nodes_)[n].users;
    if ((*nodes_)[n].tensor == tensor && std::find(users.begin(), users.end(), leaf) != users.end()) chain.push_back(n);
  }
  return chain;
}

/// What an operation needs of a tensor, at the finest instances.
std::vector<Plan::Lane> TilePlanner::needs(const TileOperation& operation, const TensorAccess& access,
                                           bool output) const {
  const Einsum& einsum = tree_->graph.einsums[schedule_->leaves[operation.leaf].einsum];
  std::vector<Plan::Lane> finest;
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    Plan::Lane need;
    need.place = lane.place;
    need.touched = touched_words(*tree_, access, lane.operations);
    if (!output) {  // an einsum may read a tensor through several accesses
      for (const TensorAccess& other : einsum.inputs) {
        if (&other != &access && other.tensor == access.tensor)
          need.touched.unite(touched_words(*tree_, other, lane.operations));
      }
    }
    need.stored = intersect(need.touched, tree_->tensors[access.tensor].extent);
    if (output) {
      need.fresh = image(access, at_reduction_edge(einsum, lane.operations, edges_[operation.leaf].first));
      need.finished = image(access, at_reduction_edge(einsum, lane.operations, edges_[operation.leaf].last));
    }
    finest.push_back(std::move(need));
  }
  return finest;
}

/// What one instance has to allocate and to fetch, and the space that takes.
void TilePlanner::plan_lane(const Plan::Entry& entry, Plan::Lane& lane, BufferState& state, Plan& plan) const {
  const HoldingIndex n = entry.node;
  const HoldingNode& node = (*nodes_)[n];
  const BufferState::Node& open = state.at(n);
  const Buffet& buffet = state.at(n).buffets[lane.place];
  lane.allocate = subtract(lane.stored, buffet.held);
  if (node.parent) {
    // A node further out fetches sums for its child alone, see plan_sources.
    if (!entry.output) {
      lane.move = open.retention.to_fetch(buffet, lane, entry.iteration);
    } else if (entry.innermost) {
      lane.move = subtract(lane.allocate, lane.fresh);
    }
  } else if (!entry.output && tree_->tensors[node.tensor].intermediate && !includes(buffet.expected, lane.stored)) {
    plan.sources_ready = false;
  }
  if (entry.output && entry.innermost && node.several_stages) {
    for (std::int64_t i = open.next_close; i < entry.iteration; ++i) {
      lane.copies += intersect(intersect(lane.fresh, buffet.held), state.tile_words(n, i, lane.place)).size();
    }
  }
  PointSet kept = intersect(lane.stored, entry.iteration > open.next_close + 1 ? buffet.held : buffet.departing);
  if (entry.iteration > open.next_close) kept.subtract(state.tile_words(n, entry.iteration - 1, lane.place));
  const std::int64_t bits = word_bits(*tree_, node.tensor, node.level);
  if (!kept.empty()) plan.kept[{node.level, lane.place}] += kept.size() * bits;
  const std::int64_t words = lane.allocate.size() + lane.copies;
  if (words > 0) plan.bits[{node.level, lane.place}] += words * bits;
}

/// A parent need not fetch what its child holds already; what it must pass on has to be there or on its way. A partial
/// sum that had left the parent too comes back from further out.
void TilePlanner::plan_sources(std::size_t first_entry, bool output, BufferState& state, Plan& plan) const {
  for (std::size_t i = plan.entries.size(); i-- > first_entry + 1;) {
    const Plan::Entry& child = plan.entries[i];
    Plan::Entry& parent = plan.entries[i - 1];
    const HoldingNode& node = (*nodes_)[parent.node];
    for (const Plan::Lane& lane : child.lanes) {
      if (lane.move.empty()) continue;
      for (Plan::Lane& above : parent.lanes) {
        if (!starts_with(lane.place, above.place)) continue;
        // Sums that are neither here nor below have been spilled further out.
        if (output && node.parent) above.move.unite(intersect(above.allocate, lane.move));
        const Buffet& buffet = state.at(parent.node).buffets[above.place];
        const bool original = !node.parent && !tree_->graph.tensors[node.tensor].writer;
        if (!original && !includes(unite(buffet.expected, above.move), lane.move)) plan.sources_ready = false;
      }
    }
  }
}

void TilePlanner::plan_access(const TileOperation& operation, const TensorAccess& access, bool output,
                              BufferState& state, Plan& plan) const {
  const std::vector<HoldingIndex> chain = chain_of(access.tensor, operation.leaf);
  const std::vector<Plan::Lane> finest = needs(operation, access, output);
  const std::size_t first_entry = plan.entries.size();
  for (HoldingIndex n : chain) {
    Plan::Entry entry;
    entry.node = n;
    entry.output = output;
    entry.innermost = n == chain.back();
    entry.iteration = state.at(n).window.ordinal(operation.time);
    // A node above spatial loops sees the union.
    for (const Plan::Lane& fine : finest) {
      const Place place = prefix_of(fine.place, (*nodes_)[n].place_size);
      auto same =
          std::find_if(entry.lanes.begin(), entry.lanes.end(), [&](const Plan::Lane& l) { return l.place == place; });
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
    for (Plan::Lane& lane : entry.lanes) plan_lane(entry, lane, state, plan);
    if ((*nodes_)[n].shared) entry.instances = touched_by_instance(n, operation);
    plan.entries.push_back(std::move(entry));
  }
  plan_sources(first_entry, output, state, plan);
}

Plan TilePlanner::plan(const TileOperation& operation, BufferState& state) const {
  Plan plan;
  plan.leaf = operation.leaf;
  plan.time = operation.time;
  const Einsum& einsum = tree_->graph.einsums[schedule_->leaves[operation.leaf].einsum];
  for (std::size_t i = 0; i < einsum.inputs.size(); ++i) {
    const auto same = [&](const TensorAccess& other) { return other.tensor == einsum.inputs[i].tensor; };
    const auto end = einsum.inputs.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(einsum.inputs.begin(), end, same) == end)
      plan_access(operation, einsum.inputs[i], false, state, plan);
  }
  plan_access(operation, einsum.output, true, state, plan);
  return plan;
}

}  // namespace loopsim
