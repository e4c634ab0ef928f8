#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

/// Executes the steps of tile operations of one einsum on the PE array and reports what they moved.
/// Keeps what each private buffer holds from one tile operation to the next.
class ArrayExecutor {
 public:
  ArrayExecutor(const BoundTree& tree, ArrayProgram program);
  ~ArrayExecutor();

  /// Executes the next tile operation. `advanced`: the temporal loop above the cut that went on by one since the last
  /// one, those around it standing still, so that instances may take words from neighbours (rule R6).
  const ArrayOutcome& execute(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
