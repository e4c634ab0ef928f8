#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/schedule/ArrayTraffic.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// What one einsum's tile operations add up to.
class OperationTotals {
 public:
  OperationTotals(const BoundTree& tree, const Leaf& leaf);

  void add(const TileOperation& operation, const ArrayOutcome& outcome);

  std::int64_t operations() const { return operations_; }
  std::int64_t steps() const { return steps_; }
  /// Operations executed at least once.
  std::int64_t distinct_operations() const { return distinct_.size(); }
  /// By iteration of the loops above the outermost branch, row-major: operations with the spatial indices, steps
  /// without. Without a branch the whole run is one tile.
  std::vector<std::int64_t> operations_per_tile() const;
  std::vector<std::int64_t> steps_per_tile() const;

  const std::vector<TrafficPoint>& points() const { return points_; }
  /// Parallel to points(); occupancies are maxima.
  const std::vector<ArrayTraffic>& traffic() const { return traffic_; }

 private:
  std::vector<TrafficPoint> points_;
  std::vector<ArrayTraffic> traffic_;
  std::vector<bool> spatial_;  ///< of each index above the outermost branch
  std::map<std::vector<Coordinate>, std::int64_t> operations_per_tile_;
  std::map<std::vector<Coordinate>, std::int64_t> steps_per_tile_;
  PointSet distinct_;
  std::int64_t operations_ = 0;
  std::int64_t steps_ = 0;
};

}  // namespace loopsim
