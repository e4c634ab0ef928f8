#pragma once

#include <string>

#include "trace/rtl/RtlMemories.hpp"

namespace loopsim {

/// The Verilog task `einsum_NUMBER` of a kit's checker, which executes a block of the einsum's operations: loops over
/// its ranks with the addresses of the operands kept beside them.
std::string rtl_einsum(const BoundTree& tree, const RtlMemories& memories, EinsumId einsum);

}  // namespace loopsim
