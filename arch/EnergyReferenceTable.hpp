#pragma once

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// Takes the energies of an Accelergy `ERT:` (or `ERT_summary:`), in pJ an action. Components are named with their path
/// and count, `system_top_level.GLB[1..168]`; of several entries of one action the largest counts, as in Timeloop.
void apply_energy_reference_table(Architecture& architecture, const DocumentNode& table, Diagnostics& diagnostics);

}  // namespace loopsim
