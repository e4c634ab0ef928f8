#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/ports/ArrayStep.hpp"
#include "sim/schedule/ArrayCut.hpp"
#include "sim/schedule/ArrayTraffic.hpp"

namespace loopsim {

/// What one tile operation does in the array; the same for congruent tiles, so it can be shared.
struct ArrayOutcome {
  std::int64_t steps = 0;  ///< temporal steps with work, times steps_per_operation
  std::int64_t operations = 0;
  std::vector<StepRun> runs;  ///< in order
  /// One entry for each (node of the program that stores, or the compute node, and tensor): see traffic_points().
  std::vector<ArrayTraffic> traffic;
};

}  // namespace loopsim
