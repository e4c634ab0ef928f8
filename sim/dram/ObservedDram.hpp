#pragma once

#include <optional>

#include "sim/dram/DramMemory.hpp"
#include "sim/dram/StoredTensor.hpp"

namespace loopsim {

/// The main memory of a run on the rung `dram` or a higher one.
struct ObservedDram {
  const DramMemory* memory = nullptr;
  IdVector<TensorId, std::optional<StoredTensor>> tensors;  ///< where they lie; nothing: not in main memory
};

}  // namespace loopsim
