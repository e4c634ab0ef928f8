#include "sim/schedule/SequentialOrder.hpp"

#include <algorithm>
#include <stdexcept>

namespace loopsim {

SequentialOrder::SequentialOrder(const BoundTree& tree, const Schedule& schedule, std::vector<LeafIndex> leaves)
    : leaves_(std::move(leaves)) {
  for (LeafIndex leaf : leaves_) streams_.emplace_back(tree, schedule, leaf);
}

const TileOperation* SequentialOrder::peek(std::size_t k) {
  std::vector<std::size_t> taken(streams_.size());
  const TileOperation* found = nullptr;
  for (std::size_t step = 0; step <= k; ++step) {
    std::size_t best = streams_.size();
    found = nullptr;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const TileOperation* candidate = streams_[i].peek(taken[i]);
      if (candidate != nullptr && (found == nullptr || candidate->time < found->time)) {
        found = candidate;
        best = i;
      }
    }
    if (found == nullptr) return nullptr;
    ++taken[best];
  }
  return found;
}

TileOperation SequentialOrder::take() {
  const TileOperation* first = peek();
  return stream(first->leaf).take();
}

OperationStream& SequentialOrder::stream(LeafIndex leaf) {
  const auto found = std::find(leaves_.begin(), leaves_.end(), leaf);
  if (found == leaves_.end()) throw std::logic_error("a leaf was asked of the wrong stage");
  return streams_[static_cast<std::size_t>(found - leaves_.begin())];
}

std::optional<TimeIndex> SequentialOrder::next_time(LeafIndex leaf) {
  const TileOperation* next = stream(leaf).peek(0);
  if (next == nullptr) return std::nullopt;
  return next->time;
}

}  // namespace loopsim
