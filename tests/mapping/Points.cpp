#include "tests/mapping/Points.hpp"

#include <algorithm>
#include <iterator>

namespace loopsim {

Points points_of(const Box& box) {
  Points points{Point()};
  for (const IntervalSet& dimension : box.dimensions) {
    Points longer;
    for (const Point& start : points) {
      for (Interval run : dimension.runs()) {
        for (Coordinate x = run.low; x < run.high; ++x) {
          Point point = start;
          point.push_back(x);
          longer.insert(std::move(point));
        }
      }
    }
    points = std::move(longer);
  }
  return points;
}

Points points_of(const PointSet& set) {
  Points points;
  for (const Box& box : set.boxes()) {
    RC_ASSERT(!box.empty());
    for (const Point& point : points_of(box)) RC_ASSERT(points.insert(point).second);
  }
  return points;
}

Points unite(Points a, const Points& b) {
  a.insert(b.begin(), b.end());
  return a;
}

Points subtract(const Points& a, const Points& b) {
  Points result;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(result, result.end()));
  return result;
}

Points intersect(const Points& a, const Points& b) {
  Points result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(result, result.end()));
  return result;
}

std::int64_t any_between(std::int64_t low, std::int64_t high) {
  return low + *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, high - low + 1));
}

IntervalSet any_interval_set(Coordinate limit) {
  IntervalSet result;
  switch (any_between(0, 3)) {
    case 0: {  // one run; empty when the ends are the wrong way round
      const Coordinate low = any_between(-limit, limit);
      return IntervalSet(low, any_between(-limit, limit + 1));
    }
    case 1: {  // a stride
      const std::int64_t stride = any_between(2, 4);
      for (Coordinate x = any_between(-limit, limit); x <= limit; x += stride) result.append({x, x + 1});
      return result;
    }
    default: {  // several runs
      for (std::int64_t runs = any_between(0, 3); runs > 0; --runs) {
        const Coordinate low = any_between(-limit, limit);
        result = unite(result, IntervalSet(low, std::min(limit + 1, low + any_between(0, 3))));
      }
      return result;
    }
  }
}

Box any_box(std::size_t dimensions, Coordinate limit) {
  Box box;
  for (std::size_t d = 0; d < dimensions; ++d) box.dimensions.push_back(any_interval_set(limit));
  return box;
}

PointSet any_point_set(std::size_t dimensions, Coordinate limit) {
  PointSet set;
  for (std::int64_t boxes = any_between(0, 4); boxes > 0; --boxes) set.unite(any_box(dimensions, limit));
  return set;
}

}  // namespace loopsim
