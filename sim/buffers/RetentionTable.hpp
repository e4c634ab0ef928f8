#pragma once

#include "arch/Architecture.hpp"
#include "sim/buffers/RetentionPolicy.hpp"

namespace loopsim {

/// The policy for a tensor in a memory. `made_here`: some einsum below the storage node writes the tensor.
const RetentionPolicy& retention_policy(const MemoryLevel& memory, bool made_here);

}  // namespace loopsim
