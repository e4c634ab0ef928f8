#include "sim/schedule/IterationWindow.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace loopsim {

IterationWindow::IterationWindow(const BoundTree& tree, NodeId node, std::vector<EinsumId> wanted)
    : stream_(tree, node, std::move(wanted)), prefix_(time_indices_above(tree, node)) {}

IterationWindow::IterationWindow(const BoundTree& tree, NodeId node, const std::vector<EinsumId>& wanted,
                                 const std::vector<NodeId>& positions)
    : IterationWindow(tree, node, wanted) {
  for (std::size_t i = 0; i < positions.size(); ++i) {
    below_.push_back({wanted[i], TimeStream(tree, positions[i], {wanted[i]}), {}, false});
    below_.back().more = below_.back().stream.next(below_.back().next);
  }
}

std::vector<Lane> IterationWindow::lanes_below(const TimeIndex& time) {
  std::map<std::vector<Coordinate>, Lane> lanes;
  for (Below& below : below_) {
    for (; below.more; below.more = below.stream.next(below.next)) {
      if (!std::equal(time.begin(), time.end(), below.next.time.begin())) break;
      for (Lane& lane : below.next.lanes) {
        Lane& united = lanes[lane.place];
        united.place = lane.place;
        united.operations[below.einsum].unite(lane.operations.at(below.einsum));
      }
    }
  }
  std::vector<Lane> result;
  for (auto& [place, lane] : lanes) {
    for (const Below& below : below_) lane.operations.try_emplace(below.einsum);
    result.push_back(std::move(lane));
  }
  return result;
}

bool IterationWindow::extend() {
  TimedIteration next;
  if (!stream_.next(next)) return false;
  if (!below_.empty()) next.lanes = lanes_below(next.time);
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
