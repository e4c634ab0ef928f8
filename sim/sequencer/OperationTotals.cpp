#include "sim/sequencer/OperationTotals.hpp"

#include <algorithm>

#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

namespace {

std::vector<std::int64_t> values_of(const std::map<std::vector<Coordinate>, std::int64_t>& by_tile) {
  std::vector<std::int64_t> values;
  for (const auto& [tile, value] : by_tile) values.push_back(value);
  return values;
}

}  // namespace

OperationTotals::OperationTotals(const BoundTree& tree, const Leaf& leaf)
    : points_(traffic_points(tree, leaf.program)), traffic_(points_.size()) {
  if (leaf.branches.empty()) return;
  for (NodeId above : indices_above(tree, leaf.branches.front().node)) {
    spatial_.push_back(tree.nodes[above].kind == NodeKind::spatial);
  }
}

void OperationTotals::add(const TileOperation& operation, const ArrayOutcome& outcome) {
  const auto times = std::count(spatial_.begin(), spatial_.end(), false);
  steps_per_tile_[{operation.time.begin(), operation.time.begin() + times}] += outcome.steps;
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    distinct_.unite(lane.operations);
    std::vector<Coordinate> tile;
    auto time = operation.time.begin();
    auto place = lane.place.begin();
    for (const bool spatial : spatial_) tile.push_back(spatial ? *place++ : *time++);
    operations_per_tile_[std::move(tile)] += lane.operations.size();
  }
  operations_ += outcome.operations;
  steps_ += outcome.steps;
  for (std::size_t p = 0; p < points_.size(); ++p) loopsim::add(traffic_[p], outcome.traffic[p], 1);
}

std::vector<std::int64_t> OperationTotals::operations_per_tile() const {
  return values_of(operations_per_tile_);
}
std::vector<std::int64_t> OperationTotals::steps_per_tile() const {
  return values_of(steps_per_tile_);
}

}  // namespace loopsim
