#pragma once

#include "models/looptree/LoopTreeEstimate.hpp"
#include "report/TableLines.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// The share of its pace that a step keeps with a tensor's layout, by the closed form and as simulated: a line for each
/// tensor that is slowed, of the einsum where it costs most. Nothing without banks.
void add_layouts(TableLines& lines, const BoundTree& tree, const LoopTreeEstimate& estimate,
                 const Measurement& measurement);

}  // namespace loopsim
