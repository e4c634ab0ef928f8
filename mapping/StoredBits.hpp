#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// What a memory is asked to hold is counted in bits: an error at the storage node that makes them more than 2^62, so
/// that sums of two such counts fit in 64 bits.
void report_too_many_bits(const BoundTree& tree, Diagnostics& diagnostics);

}  // namespace loopsim
