#pragma once

#include <rapidcheck.h>
#include <set>
#include <vector>

#include "mapping/sets/PointSet.hpp"

namespace loopsim {

/// A set written out point by point: what the sets of boxes are compared with.
using Point = std::vector<Coordinate>;
using Points = std::set<Point>;

Points points_of(const Box& box);

/// Fails the property when the boxes are not what PointSet promises: disjoint, none empty.
Points points_of(const PointSet& set);

Points unite(Points a, const Points& b);
Points subtract(const Points& a, const Points& b);
Points intersect(const Points& a, const Points& b);

/// Calls `visit` with every point of low <= x < high.
template <class Visit>
void for_each_point(const std::vector<Interval>& ranges, Visit visit) {
  Point point;
  for (Interval range : ranges) {
    if (range.low >= range.high) return;
    point.push_back(range.low);
  }
  for (;;) {
    visit(const_cast<const Point&>(point));
    std::size_t d = ranges.size();
    while (d > 0 && ++point[d - 1] == ranges[d - 1].high) {
      point[d - 1] = ranges[d - 1].low;
      --d;
    }
    if (d == 0) return;
  }
}

/// An integer low <= x <= high, whatever the size RapidCheck is at.
std::int64_t any_between(std::int64_t low, std::int64_t high);

/// A set of integers between -limit and limit: runs, single elements and strides.
IntervalSet any_interval_set(Coordinate limit);
Box any_box(std::size_t dimensions, Coordinate limit);
/// Up to four boxes, which may overlap, united.
PointSet any_point_set(std::size_t dimensions, Coordinate limit);

}  // namespace loopsim
