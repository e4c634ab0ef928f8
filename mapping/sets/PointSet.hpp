#pragma once

#include <cstdint>
#include <vector>

#include "mapping/sets/IntervalSet.hpp"

namespace loopsim {

/// A product of one-dimensional sets. With no dimensions it is a single point (a scalar tensor).
struct Box {
  std::vector<IntervalSet> dimensions;

  bool empty() const;
  std::int64_t size() const;
  friend bool operator==(const Box& a, const Box& b) { return a.dimensions == b.dimensions; }
};

Box intersect(const Box& a, const Box& b);
bool intersects(const Box& a, const Box& b);
bool includes(const Box& whole, const Box& part);

/// A finite set of integer points as a list of disjoint, non-empty boxes: exact for windows, halos, strides and
/// ragged tiles. Boxes that differ in one dimension only are joined, so sliding windows stay one box.
class PointSet {
 public:
  PointSet() = default;
  explicit PointSet(Box box);

  const std::vector<Box>& boxes() const { return boxes_; }
  bool empty() const { return boxes_.empty(); }
  std::int64_t size() const;

  void unite(const PointSet& other);
  void unite(const Box& box);
  void subtract(const PointSet& other);
  void subtract(const Box& box);

  /// The same points, whatever boxes they are cut into.
  friend bool operator==(const PointSet& a, const PointSet& b);
  friend bool operator!=(const PointSet& a, const PointSet& b) { return !(a == b); }

 private:
  void add_disjoint(Box box);
  std::vector<Box> boxes_;
};

PointSet unite(PointSet a, const PointSet& b);
PointSet subtract(PointSet a, const PointSet& b);
PointSet intersect(const PointSet& a, const PointSet& b);
PointSet intersect(const PointSet& a, const Box& b);
bool includes(const PointSet& whole, const PointSet& part);
/// |a \ b| without building it.
std::int64_t size_of_difference(const PointSet& a, const PointSet& b);

/// Smallest interval of each dimension that covers the set; the set must not be empty.
std::vector<Interval> bounds(const PointSet& set);

}  // namespace loopsim
