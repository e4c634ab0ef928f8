#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "comparison/ComparisonEntry.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

struct Comparison {
  std::vector<ComparisonEntry> entries;
  /// estimate.cycles + sum of cycles == simulation.cycles
  std::vector<BridgeEntry> bridge;

  bool unexplained() const;
};

Comparison compare(const BoundTree& tree, const LoopTreeEstimate& estimate, const Measurement& measurement);

}  // namespace loopsim
