#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Another layout for a tensor.
struct LayoutProposal {
  TensorId tensor;
  DataLayout layout;
  double cost = 0;  ///< cycles that the present layout costs more than this one, all other proposals being followed
};

/// Layouts that make the steps' waiting for their own lines small, of the writer and all readers of a tensor together.
struct LayoutChoice {
  double present = 0;                     ///< cycles that steps wait with the layouts that are set
  double proposed = 0;                    ///< with the proposed ones
  std::vector<LayoutProposal> proposals;  ///< by cost, greatest first
};

/// Searches the layouts of all tensors that the array takes from level 1, which must have banks. Cycles are those of a
/// sample of the steps, each of which takes as long as its busiest bank.
LayoutChoice choose_layouts(const BoundTree& tree, const Schedule& schedule);

}  // namespace loopsim
