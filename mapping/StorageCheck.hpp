#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Where tensors are stored: every tensor of an einsum above its compute node, levels inwards, intermediates above the
/// branch where writer and readers part. Warnings where a node has no effect, and where a tensor of the outside world
/// is not stored in the outermost memory.
void check_storage(const BoundTree& tree, Diagnostics& diagnostics);

/// Branches of producers come before those of consumers.
void check_branch_order(const BoundTree& tree, Diagnostics& diagnostics);

}  // namespace loopsim
