#pragma once

#include "models/tree/BoundTree.hpp"

namespace loopsim {

/// What of `simulation.dram` does not go together, as errors where it stands; as warnings, tensors that are more than
/// the memory holds, and a part whose peak is not the bandwidth that the machine states for the level.
void report_dram(const BoundTree& tree, Diagnostics& diagnostics);

}  // namespace loopsim
