#pragma once

#include <optional>

#include "sim/dram/ObservedDram.hpp"
#include "trace/rtl/RtlMemories.hpp"
#include "trace/sink/TraceFile.hpp"

namespace loopsim {

/// `memories.csv`: where each tensor lies in the addresses of the kit (in words) and, of main memory, in bytes.
void write_rtl_memories(TraceFile& file, const BoundTree& tree, const RtlMemories& memories,
                        const IdVector<TensorId, std::optional<StoredTensor>>& stored);

}  // namespace loopsim
