#pragma once

#include <memory>
#include <vector>

#include "sim/pe_array/ArrayProgram.hpp"

namespace loopsim {

/// Executes the steps of tile operations of one einsum on the PE array and reports what they moved.
/// Keeps what each private buffer holds from one tile operation to the next.
class ArrayExecutor {
 public:
  ArrayExecutor(const BoundTree& tree, ArrayProgram program);
  ~ArrayExecutor();

  /// Executes the next tile operation. `follows_previous`: the innermost index above the cut is a temporal loop that
  /// just advanced by one, so instances may take words from neighbours (rule R6); false at its first iteration or
  /// when that index is a branch.
  const ArrayOutcome& execute(const std::vector<ArrayLane>& lanes, bool follows_previous);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loopsim
