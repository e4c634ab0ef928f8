#include "sim/pe_array/HeldThroughLoops.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"

namespace loopsim {

namespace {

std::vector<bool> ranks_of(const ArrayPoint& point, std::size_t ranks) {
  std::vector<bool> used(ranks);
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    used[rank] = std::any_of(point.accesses.begin(), point.accesses.end(),
                             [rank](const TensorAccess* access) { return depends_on(*access, rank); });
  }
  return used;
}

/// Distinct coordinates of the ranks that are `used`, or of those that are not.
std::int64_t count_of(const PointSet& operations, const std::vector<bool>& used, bool wanted) {
  PointSet coordinates;
  for (const Box& box : operations.boxes()) {
    Box part;
    for (std::size_t r = 0; r < used.size(); ++r) {
      part.dimensions.push_back(used[r] == wanted ? box.dimensions[r] : IntervalSet(0, 1));
    }
    coordinates.unite(part);
  }
  return coordinates.size();
}

bool is_product(const PointSet& operations, const std::vector<bool>& used) {
  return count_of(operations, used, true) * count_of(operations, used, false) == operations.size();
}

}  // namespace

bool held_through_loops(const std::vector<ArrayPoint>& points, const std::vector<ArrayLane>& lanes) {
  return std::all_of(lanes.begin(), lanes.end(), [&](const ArrayLane& lane) {
    const std::vector<Box>& boxes = lane.operations.boxes();
    return boxes.size() <= 1 || std::all_of(points.begin(), points.end(), [&](const ArrayPoint& point) {
             return !point.reuses || is_product(lane.operations, ranks_of(point, boxes.front().dimensions.size()));
           });
  });
}

}  // namespace loopsim
