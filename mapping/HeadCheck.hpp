#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Loops are over ranks of the head: the one einsum below whose output no other einsum below reads. Loops of one list
/// that share a mistake are reported together.
void check_heads(const BoundTree& tree, Diagnostics& diagnostics);

}  // namespace loopsim
