#pragma once

#include <vector>

#include "validation/Comparison.hpp"

namespace loopsim {

/// From the estimate's cycles to the simulation's along the critical path; see docs/attribution.md.
std::vector<BridgeEntry> build_bridge(const Estimate& estimate, const Measurement& measurement);

/// LoopTree's pipeline overlap formula is exact for two stages and a heuristic beyond.
bool overlap_formula_is_heuristic(const BoundTree& tree);

}  // namespace loopsim
