#include "mapping/sets/IntervalSet.hpp"

#include <algorithm>

namespace loopsim {

std::int64_t IntervalSet::size() const {
  std::int64_t total = 0;
  for (Interval run : runs_) total += run.high - run.low;
  return total;
}

bool IntervalSet::contains(Coordinate x) const {
  auto after = std::upper_bound(runs_.begin(), runs_.end(), x, [](Coordinate v, Interval run) { return v < run.low; });
  return after != runs_.begin() && x < std::prev(after)->high;
}

void IntervalSet::append(Interval run) {
  if (run.low >= run.high) return;
  if (!runs_.empty() && run.low <= runs_.back().high) {
    runs_.back().high = std::max(runs_.back().high, run.high);
  } else {
    runs_.push_back(run);
  }
}

IntervalSet intersect(const IntervalSet& a, const IntervalSet& b) {
  IntervalSet result;
  auto x = a.runs().begin();
  auto y = b.runs().begin();
  while (x != a.runs().end() && y != b.runs().end()) {
    result.append({std::max(x->low, y->low), std::min(x->high, y->high)});
    if (x->high < y->high) {
      ++x;
    } else {
      ++y;
    }
  }
  return result;
}

IntervalSet unite(const IntervalSet& a, const IntervalSet& b) {
  IntervalSet result;
  auto x = a.runs().begin();
  auto y = b.runs().begin();
  while (x != a.runs().end() || y != b.runs().end()) {
    if (y == b.runs().end() || (x != a.runs().end() && x->low <= y->low)) {
      result.append(*x++);
    } else {
      result.append(*y++);
    }
  }
  return result;
}

IntervalSet subtract(const IntervalSet& a, const IntervalSet& b) {
  IntervalSet result;
  auto y = b.runs().begin();
  for (Interval run : a.runs()) {
    while (y != b.runs().end() && y->high <= run.low) ++y;
    auto z = y;
    while (z != b.runs().end() && z->low < run.high) {
      result.append({run.low, z->low});
      run.low = std::max(run.low, z->high);
      ++z;
    }
    result.append(run);
  }
  return result;
}

bool intersects(const IntervalSet& a, const IntervalSet& b) {
  auto x = a.runs().begin();
  auto y = b.runs().begin();
  while (x != a.runs().end() && y != b.runs().end()) {
    if (std::max(x->low, y->low) < std::min(x->high, y->high)) return true;
    if (x->high < y->high) {
      ++x;
    } else {
      ++y;
    }
  }
  return false;
}

bool includes(const IntervalSet& whole, const IntervalSet& part) {
  auto w = whole.runs().begin();
  for (Interval run : part.runs()) {
    while (w != whole.runs().end() && w->high < run.high) ++w;
    if (w == whole.runs().end() || run.low < w->low) return false;
  }
  return true;
}

IntervalSet shift(const IntervalSet& a, Coordinate offset) {
  IntervalSet result;
  for (Interval run : a.runs()) result.append({run.low + offset, run.high + offset});
  return result;
}

IntervalSet scale(const IntervalSet& a, std::int64_t factor) {
  if (factor == 1) return a;
  IntervalSet result;
  if (factor == -1) {
    for (auto run = a.runs().rbegin(); run != a.runs().rend(); ++run) result.append({1 - run->high, 1 - run->low});
    return result;
  }
  auto add = [&](Coordinate x) { result.append({factor * x, factor * x + 1}); };
  if (factor > 0) {
    for (Interval run : a.runs()) {
      for (Coordinate x = run.low; x < run.high; ++x) add(x);
    }
  } else {
    for (auto run = a.runs().rbegin(); run != a.runs().rend(); ++run) {
      for (Coordinate x = run->high - 1; x >= run->low; --x) add(x);
    }
  }
  return result;
}

IntervalSet minkowski_sum(const IntervalSet& a, const IntervalSet& b) {
  if (a.runs().size() == 1 && b.runs().size() == 1) {
    if (a.empty() || b.empty()) return {};
    return {a.least() + b.least(), a.greatest() + b.greatest() + 1};
  }
  boost::container::small_vector<Interval, 16> sums;
  for (Interval x : a.runs()) {
    for (Interval y : b.runs()) sums.push_back({x.low + y.low, x.high + y.high - 1});
  }
  std::sort(sums.begin(), sums.end(), [](Interval x, Interval y) { return x.low < y.low; });
  IntervalSet result;
  for (Interval sum : sums) result.append(sum);
  return result;
}

}  // namespace loopsim
