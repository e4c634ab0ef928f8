#pragma once

#include <vector>

#include "comparison/ComparisonEntry.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// From the estimate's cycles to the simulation's along the critical path; see docs/attribution.md.
std::vector<BridgeEntry> build_bridge(const LoopTreeEstimate& estimate, const Measurement& measurement);

/// LoopTree's pipeline overlap formula is exact for two stages of which the second reads what the first writes, and a
/// heuristic otherwise: stages that do not depend on each other overlap within one tile already.
bool overlap_formula_is_heuristic(const BoundTree& tree);

}  // namespace loopsim
