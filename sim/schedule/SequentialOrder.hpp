#pragma once

#include <optional>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Streams of the given leaves, and which of them is next when everything runs one after the other.
class SequentialOrder {
 public:
  SequentialOrder(const BoundTree& tree, const Schedule& schedule, std::vector<LeafIndex> leaves);

  /// The k-th operation from now in sequential order, or nullptr past the last one.
  const TileOperation* peek(std::size_t k = 0);
  TileOperation take();
  /// When the next operation of a leaf happens, if it has any left.
  std::optional<TimeIndex> next_time(LeafIndex leaf);
  OperationStream& stream(LeafIndex leaf);

 private:
  std::vector<LeafIndex> leaves_;
  std::vector<OperationStream> streams_;
};

}  // namespace loopsim
