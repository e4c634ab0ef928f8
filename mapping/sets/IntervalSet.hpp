#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// The coordinates low <= x < high.
struct Interval {
  Coordinate low = 0;
  Coordinate high = 0;

  friend bool operator==(Interval a, Interval b) { return a.low == b.low && a.high == b.high; }
};

/// A finite set of integers as sorted runs that neither overlap nor touch. A stride of s is n runs of one element,
/// so strided accesses are exact without a case of their own.
class IntervalSet {
 public:
  using Runs = boost::container::small_vector<Interval, 1>;

  IntervalSet() = default;
  IntervalSet(Coordinate low, Coordinate high) {
    if (low < high) runs_.push_back({low, high});
  }

  const Runs& runs() const { return runs_; }
  bool empty() const { return runs_.empty(); }
  std::int64_t size() const;
  /// Least and greatest element; the set must not be empty.
  Coordinate least() const { return runs_.front().low; }
  Coordinate greatest() const { return runs_.back().high - 1; }
  bool contains(Coordinate x) const;

  /// Adds a run that starts at or after every element added so far; joins runs that touch.
  void append(Interval run);

  friend bool operator==(const IntervalSet& a, const IntervalSet& b) { return a.runs_ == b.runs_; }
  friend bool operator!=(const IntervalSet& a, const IntervalSet& b) { return !(a == b); }

 private:
  Runs runs_;
};

IntervalSet intersect(const IntervalSet& a, const IntervalSet& b);
IntervalSet unite(const IntervalSet& a, const IntervalSet& b);
IntervalSet subtract(const IntervalSet& a, const IntervalSet& b);
bool intersects(const IntervalSet& a, const IntervalSet& b);
bool includes(const IntervalSet& whole, const IntervalSet& part);

/// { x + offset }
IntervalSet shift(const IntervalSet& a, Coordinate offset);
/// { factor * x }, factor not 0
IntervalSet scale(const IntervalSet& a, std::int64_t factor);
/// { x + y }
IntervalSet minkowski_sum(const IntervalSet& a, const IntervalSet& b);

}  // namespace loopsim
