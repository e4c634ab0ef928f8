#pragma once

#include <optional>
#include <queue>
#include <vector>

#include "base/Quantity.hpp"

namespace loopsim {

/// Things that fall due at a time; equal times in the order they were put in.
template <class T>
class TimedQueue {
 public:
  void push(Picoseconds time, T item) { heap_.push({time, next_++, std::move(item)}); }
  std::optional<Picoseconds> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.top().time;
  }
  /// The first thing that is due at `now`, if any.
  std::optional<T> pop_due(Picoseconds now) {
    if (heap_.empty() || heap_.top().time > now) return std::nullopt;
    T item = heap_.top().item;
    heap_.pop();
    return item;
  }
  bool empty() const { return heap_.empty(); }

 private:
  struct Entry {
    Picoseconds time;
    std::int64_t order = 0;
    T item;

    friend bool operator<(const Entry& a, const Entry& b) {  // greatest first
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };
  std::priority_queue<Entry> heap_;
  std::int64_t next_ = 0;
};

}  // namespace loopsim
