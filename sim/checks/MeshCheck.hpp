#pragma once

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "sim/pe_array/MeshUse.hpp"
#include "sim/schedule/StepUse.hpp"

namespace loopsim {

/// Errors, at the loops to change, where spatial loops, partitions or the operations of a step need more PEs than the
/// mesh has. On the rung `ideal`, or without a finite mesh, steps of more operations than are unrolled are a warning.
void report_mesh(const BoundTree& tree, const Schedule& schedule, const MeshUse& use, const StepUse& steps,
                 Fidelity fidelity, Diagnostics& diagnostics);

}  // namespace loopsim
