// What a tile operation needs of the buffers, worked out against what they hold.
#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "sim/buffers/Holdings.hpp"
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

/// What every instance touches of a node whose copy serves several of them.
std::vector<LaneWords> Holdings::touched_by_instance(HoldingIndex n, const TileOperation& operation) const {
  const HoldingNode& node = nodes_[n];
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

void Holdings::plan_access(const TileOperation& operation, const TensorAccess& access, bool output, Plan& plan) {
  const EinsumId einsum = schedule_->leaves[operation.leaf].einsum;
  const Einsum& e = tree_->graph.einsums[einsum];
  std::vector<HoldingIndex> chain;
  for (HoldingIndex n = 0; n < nodes_.size(); ++n) {
    const auto& users = nodes_[n].users;
    if (nodes_[n].tensor == access.tensor && std::find(users.begin(), users.end(), operation.leaf) != users.end())
      chain.push_back(n);
  }
  // What an operation needs, at the finest instances; a node above spatial loops sees the union.
  std::vector<Plan::Lane> finest;
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    Plan::Lane need;
    need.place = lane.place;
    need.touched = touched_words(*tree_, access, lane.operations);
    if (!output) {  // an einsum may read a tensor through several accesses
      for (const TensorAccess& other : e.inputs) {
        if (&other != &access && other.tensor == access.tensor) {
          need.touched.unite(touched_words(*tree_, other, lane.operations));
        }
      }
    }
    need.stored = intersect(need.touched, tree_->tensors[access.tensor].extent);
    if (output) {
      need.fresh = image(access, at_reduction_edge(e, lane.operations, edges_[operation.leaf].first));
      need.finished = image(access, at_reduction_edge(e, lane.operations, edges_[operation.leaf].last));
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
    for (Plan::Lane& lane : entry.lanes) {
      const LaneState& state = states_[n].lanes[lane.place];
      lane.allocate = subtract(lane.stored, state.held);
      if (nodes_[n].parent) {
        lane.move = output ? subtract(lane.allocate, lane.fresh) : lane.allocate;
        if (nodes_[n].refetch && !output) {
          lane.move = state.fetched_iteration == entry.iteration ? subtract(lane.stored, state.fetched) : lane.stored;
          lane.move.subtract(state.dirty);  // made here, and nowhere else yet
        }
        // A node further out fetches sums for its child alone, see below.
        if (output && !entry.innermost) lane.move = {};
      } else if (!output && tree_->tensors[access.tensor].intermediate && !includes(state.expected, lane.stored)) {
        plan.sources_ready = false;
      }
      if (output && entry.innermost && nodes_[n].several_stages) {
        for (std::int64_t i = states_[n].next_close; i < entry.iteration; ++i) {
          const PointSet recomputed = intersect(intersect(lane.fresh, state.held), tile_words(n, i, lane.place));
          lane.copies += recomputed.size();
        }
      }
      PointSet kept =
          intersect(lane.stored, entry.iteration > states_[n].next_close + 1 ? state.held : state.departing);
      if (entry.iteration > states_[n].next_close) kept.subtract(tile_words(n, entry.iteration - 1, lane.place));
      if (!kept.empty()) {
        plan.kept[{nodes_[n].level, lane.place}] += kept.size() * word_bits(*tree_, access.tensor, nodes_[n].level);
      }
      const std::int64_t words = lane.allocate.size() + lane.copies;
      if (words > 0) {
        plan.bits[{nodes_[n].level, lane.place}] += words * word_bits(*tree_, access.tensor, nodes_[n].level);
      }
    }
    if (nodes_[n].shared) entry.instances = touched_by_instance(n, operation);
    plan.entries.push_back(std::move(entry));
  }
  // A parent need not fetch what its child holds already; what it must pass on has to be there or on its way. A partial
  // sum that had left the parent too comes back from further out.
  for (std::size_t i = plan.entries.size(); i-- > first_entry + 1;) {
    const Plan::Entry& child = plan.entries[i];
    Plan::Entry& parent = plan.entries[i - 1];
    for (const Plan::Lane& lane : child.lanes) {
      if (lane.move.empty()) continue;
      for (Plan::Lane& above : parent.lanes) {
        if (!starts_with(lane.place, above.place)) continue;
        // Sums that are neither here nor below have been spilled further out.
        if (output && nodes_[parent.node].parent) above.move.unite(intersect(above.allocate, lane.move));
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

}  // namespace loopsim
