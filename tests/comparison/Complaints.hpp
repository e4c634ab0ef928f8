#pragma once

#include <string>

#include "comparison/Comparison.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// What a run must satisfy whatever the mapping and the machine; a line for each thing that is wrong, nothing
/// otherwise: no comparison is unexplained and the causes of each sum to its difference, the rows of every stage and
/// the critical path sum to the cycles, the bridge leads from the estimate to the run, nothing was lost on the way, and
/// in functional mode the outputs are right.
std::string complaints_about(const LoopTreeEstimate& estimate, const Measurement& run, const Comparison& comparison);

/// Of the comparison alone.
std::string complaints_about(const Comparison& comparison);

/// Everything a measurement holds, to compare two runs.
std::string full_text(const Measurement& run);

}  // namespace loopsim
