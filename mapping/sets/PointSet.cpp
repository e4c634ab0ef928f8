#include "mapping/sets/PointSet.hpp"

#include <algorithm>

namespace loopsim {

bool Box::empty() const {
  return std::any_of(dimensions.begin(), dimensions.end(), [](const IntervalSet& d) { return d.empty(); });
}

std::int64_t Box::size() const {
  std::int64_t product = 1;
  for (const IntervalSet& d : dimensions) product *= d.size();
  return product;
}

Box intersect(const Box& a, const Box& b) {
  Box result;
  result.dimensions.reserve(a.dimensions.size());
  for (std::size_t d = 0; d < a.dimensions.size(); ++d) {
    result.dimensions.push_back(intersect(a.dimensions[d], b.dimensions[d]));
  }
  return result;
}

bool intersects(const Box& a, const Box& b) {
  for (std::size_t d = 0; d < a.dimensions.size(); ++d) {
    if (!intersects(a.dimensions[d], b.dimensions[d])) return false;
  }
  return true;
}

bool includes(const Box& whole, const Box& part) {
  for (std::size_t d = 0; d < whole.dimensions.size(); ++d) {
    if (!includes(whole.dimensions[d], part.dimensions[d])) return false;
  }
  return true;
}

namespace {

/// Calls `emit` with disjoint boxes whose union is a \ b; `a` and `b` meet.
template <class Emit>
void cut(Box a, const Box& b, Emit emit) {
  for (std::size_t d = 0; d < a.dimensions.size(); ++d) {
    IntervalSet outside = subtract(a.dimensions[d], b.dimensions[d]);
    if (!outside.empty()) {
      Box piece = a;
      piece.dimensions[d] = std::move(outside);
      emit(std::move(piece));
      a.dimensions[d] = intersect(a.dimensions[d], b.dimensions[d]);
    }
  }
}

/// The one dimension in which two disjoint boxes differ, or -1.
int joinable_dimension(const Box& a, const Box& b) {
  int differing = -1;
  for (std::size_t d = 0; d < a.dimensions.size(); ++d) {
    if (a.dimensions[d] == b.dimensions[d]) continue;
    if (differing >= 0) return -1;
    differing = static_cast<int>(d);
  }
  return differing;
}

}  // namespace

PointSet::PointSet(Box box) {
  if (!box.empty()) boxes_.push_back(std::move(box));
}

std::int64_t PointSet::size() const {
  std::int64_t total = 0;
  for (const Box& box : boxes_) total += box.size();
  return total;
}

void PointSet::add_disjoint(Box box) {
  for (std::size_t i = 0; i < boxes_.size();) {
    const int d = joinable_dimension(boxes_[i], box);
    if (d < 0) {
      ++i;
      continue;
    }
    auto& joined = box.dimensions[static_cast<std::size_t>(d)];
    joined = loopsim::unite(joined, boxes_[i].dimensions[static_cast<std::size_t>(d)]);
    boxes_.erase(boxes_.begin() + static_cast<std::ptrdiff_t>(i));
    i = 0;
  }
  boxes_.push_back(std::move(box));
}

void PointSet::unite(const Box& box) {
  if (box.empty()) return;
  for (const Box& mine : boxes_) {
    if (includes(mine, box)) return;
  }
  PointSet fresh(box);
  for (const Box& mine : boxes_) fresh.subtract(mine);
  for (Box& piece : fresh.boxes_) add_disjoint(std::move(piece));
}

void PointSet::unite(const PointSet& other) {
  if (boxes_.empty()) {
    boxes_ = other.boxes_;
    return;
  }
  for (const Box& box : other.boxes_) unite(box);
}

void PointSet::subtract(const Box& box) {
  if (std::none_of(boxes_.begin(), boxes_.end(), [&](const Box& mine) { return intersects(mine, box); })) return;
  PointSet result;
  for (Box& mine : boxes_) {
    if (!intersects(mine, box)) {
      result.add_disjoint(std::move(mine));
    } else {
      cut(std::move(mine), box, [&](Box piece) { result.add_disjoint(std::move(piece)); });
    }
  }
  boxes_ = std::move(result.boxes_);
}

void PointSet::subtract(const PointSet& other) {
  for (const Box& box : other.boxes_) {
    if (boxes_.empty()) return;
    subtract(box);
  }
}

bool operator==(const PointSet& a, const PointSet& b) {
  if (a.boxes_ == b.boxes_) return true;
  return a.size() == b.size() && includes(a, b);
}

PointSet unite(PointSet a, const PointSet& b) {
  a.unite(b);
  return a;
}

PointSet subtract(PointSet a, const PointSet& b) {
  a.subtract(b);
  return a;
}

PointSet intersect(const PointSet& a, const Box& b) {
  PointSet result;
  for (const Box& box : a.boxes()) result.unite(intersect(box, b));
  return result;
}

PointSet intersect(const PointSet& a, const PointSet& b) {
  PointSet result;
  for (const Box& box : b.boxes()) result.unite(intersect(a, box));
  return result;
}

bool includes(const PointSet& whole, const PointSet& part) {
  return size_of_difference(part, whole) == 0;
}

std::int64_t size_of_difference(const PointSet& a, const PointSet& b) {
  std::int64_t common = 0;  // both are lists of disjoint boxes, so the pairwise intersections are disjoint
  for (const Box& x : a.boxes()) {
    for (const Box& y : b.boxes()) {
      std::int64_t product = 1;
      for (std::size_t d = 0; d < x.dimensions.size() && product > 0; ++d) {
        product *= intersect(x.dimensions[d], y.dimensions[d]).size();
      }
      common += product;
    }
  }
  return a.size() - common;
}

std::vector<Interval> bounds(const PointSet& set) {
  std::vector<Interval> result;
  for (const Box& box : set.boxes()) {
    for (std::size_t d = 0; d < box.dimensions.size(); ++d) {
      const Interval hull{box.dimensions[d].least(), box.dimensions[d].greatest() + 1};
      if (d == result.size()) {
        result.push_back(hull);
      } else {
        result[d] = {std::min(result[d].low, hull.low), std::max(result[d].high, hull.high)};
      }
    }
  }
  return result;
}

}  // namespace loopsim
