#pragma once

#include <cstdint>

#include "sim/buffers/Plan.hpp"

namespace loopsim {

/// Operations that make words of an intermediate again while a buffer still holds them, when tile operations run one
/// after the other in tree order. LoopTree's retention rule reaches back along one loop: where the loop inside it
/// starts over, what its last iteration left in the buffer counts as lost.
class HeldRecomputation {
 public:
  HeldRecomputation(const BoundTree& tree, const Schedule& schedule);

  /// A tile operation as it was planned against what the buffers held.
  void visit(const TileOperation& operation, const Plan& plan);
  const IdVector<EinsumId, std::int64_t>& operations() const { return operations_; }

 private:
  const BoundTree* tree_;
  const Schedule* schedule_;
  IdVector<EinsumId, std::int64_t> operations_;
};

}  // namespace loopsim
