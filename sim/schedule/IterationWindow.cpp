#include "sim/schedule/IterationWindow.hpp"

#include <algorithm>
#include <stdexcept>

namespace loopsim {

IterationWindow::IterationWindow(const BoundTree& tree, NodeId node, std::vector<EinsumId> wanted)
    : stream_(tree, node, std::move(wanted)), prefix_(time_indices_above(tree, node)) {}

bool IterationWindow::extend() {
  TimedIteration next;
  if (!stream_.next(next)) return false;
  kept_.push_back(std::move(next));
  return true;
}

std::int64_t IterationWindow::ordinal(const TimeIndex& time) {
  const auto prefix_end = time.begin() + static_cast<std::ptrdiff_t>(prefix_);
  for (std::size_t i = 0;; ++i) {
    if (i == kept_.size() && !extend()) throw std::logic_error("an operation lies outside the iterations of its loops");
    if (std::equal(time.begin(), prefix_end, kept_[i].time.begin(), kept_[i].time.end())) {
      return first_ + static_cast<std::int64_t>(i);
    }
  }
}

const TimedIteration* IterationWindow::at(std::int64_t ordinal) {
  if (ordinal < first_) throw std::logic_error("an iteration was asked for after it had been forgotten");
  while (ordinal - first_ >= static_cast<std::int64_t>(kept_.size())) {
    if (!extend()) return nullptr;
  }
  return &kept_[static_cast<std::size_t>(ordinal - first_)];
}

void IterationWindow::forget_before(std::int64_t ordinal) {
  while (first_ < ordinal && !kept_.empty()) {
    kept_.pop_front();
    ++first_;
  }
}

}  // namespace loopsim
