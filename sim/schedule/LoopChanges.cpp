#include "sim/schedule/LoopChanges.hpp"

#include <algorithm>

#include "mapping/tiles/LoopSlice.hpp"

namespace loopsim {

namespace {

std::vector<IntervalSet> coordinates_of(const PointSet& operations) {
  std::vector<IntervalSet> coordinates;
  for (const Box& box : operations.boxes()) {
    coordinates.resize(box.dimensions.size());
    for (std::size_t r = 0; r < box.dimensions.size(); ++r) {
      coordinates[r] = unite(coordinates[r], box.dimensions[r]);
    }
  }
  return coordinates;
}

}  // namespace

LoopChanges::LoopChanges(const BoundTree& tree, EinsumId einsum, std::vector<NodeId> loops, std::vector<NodeId> nodes)
    : tree_(tree),
      loops_(std::move(loops)),
      nodes_(std::move(nodes)),
      ranks_(tree.graph.einsums[einsum].ranks.size()),
      iterates_(nodes_.size()),
      changes_with_(ranks_) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (tree_.nodes[loops_[i]].kind == NodeKind::temporal) begun_.push_back({i, {}, {}});
  }
}

void LoopChanges::visit(const std::vector<Coordinate>& indices, const PointSet& operations) {
  if (operations.empty()) return;
  note_iterations(operations);
  const std::vector<IntervalSet> coordinates = coordinates_of(operations);
  for (Begun& begun : begun_) compare(begun, indices, coordinates);
}

void LoopChanges::note_iterations(const PointSet& operations) {
  std::vector<std::int64_t> extents;
  for (const Interval range : bounds(operations)) extents.push_back(range.high - range.low);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const BoundNode& loop = tree_.nodes[nodes_[n]];
    if (!is_loop(loop.kind)) continue;
    std::int64_t& extent = extents[loop.rank];
    const std::int64_t shape = tile_shape_of(loop, extent);
    if (loop.kind == NodeKind::temporal && shape < extent) iterates_[n] = true;
    extent = std::min(extent, shape);
  }
}

void LoopChanges::compare(Begun& begun, const std::vector<Coordinate>& indices,
                          const std::vector<IntervalSet>& coordinates) {
  const auto loop = indices.begin() + static_cast<std::ptrdiff_t>(begun.position);
  if (!std::equal(indices.begin(), loop, begun.outer.begin(), begun.outer.end())) {
    begun.outer.assign(indices.begin(), loop);
    begun.coordinates.clear();
  }
  std::vector<Coordinate> instance;
  for (std::size_t i = begun.position; i < indices.size(); ++i) {
    if (tree_.nodes[loops_[i]].kind == NodeKind::spatial) instance.push_back(indices[i]);
  }
  const auto [first, added] = begun.coordinates.try_emplace(std::move(instance), coordinates);
  if (added) return;
  for (std::size_t r = 0; r < ranks_; ++r) {
    if (first->second[r] != coordinates[r]) changes_with_[r] = std::max(changes_with_[r].value_or(0), begun.position);
  }
}

bool LoopChanges::settled(const std::vector<std::size_t>& ranks) const {
  const bool all_change = std::all_of(ranks.begin(), ranks.end(), [&](std::size_t rank) {
    return begun_.empty() || changes_with_[rank] == begun_.back().position;
  });
  if (!all_change) return false;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const BoundNode& loop = tree_.nodes[nodes_[n]];
    const bool counts =
        loop.kind == NodeKind::temporal && std::find(ranks.begin(), ranks.end(), loop.rank) != ranks.end();
    if (counts && !iterates_[n]) return false;
  }
  return true;
}

std::vector<std::optional<NodeId>> LoopChanges::innermost() const {
  std::vector<std::optional<NodeId>> result;
  for (const std::optional<std::size_t>& position : changes_with_) {
    result.push_back(position ? std::optional(loops_[*position]) : std::nullopt);
  }
  return result;
}

}  // namespace loopsim
