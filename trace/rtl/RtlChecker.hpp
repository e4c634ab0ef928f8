#pragma once

#include <string>

#include "trace/TraceFile.hpp"
#include "trace/rtl/RtlMemories.hpp"
#include "trace/rtl/RtlPorts.hpp"

namespace loopsim {

/// Sums over a run that a replay has to come to.
struct RtlTotals {
  Cycle cycles;
  std::int64_t filled = 0;      ///< words that fills have written
  std::int64_t drained = 0;     ///< words that write-backs have read
  std::int64_t operations = 0;  ///< executed
};

/// What a checker is made from.
struct RtlReplay {
  const ObservedRun* run = nullptr;
  const RtlMemories* memories = nullptr;
  const RtlPorts* ports = nullptr;
  const IdVector<TensorId, std::string>* images = nullptr;  ///< file names; empty: none
  const IdVector<TensorId, std::optional<StoredTensor>>* stored = nullptr;
  int word_bits = 64;
  RtlTotals totals;
};

/// The checker: a Verilog-2005 module `check` that replays `commands.txt`.
std::string rtl_checker(const RtlReplay& kit);

/// One task a einsum that executes a block of its operations.
std::string rtl_einsum(const RtlReplay& kit, EinsumId einsum);

/// `memories.csv`: where each tensor lies in the addresses of the kit and, of main memory, in bytes.
void write_rtl_memories(TraceFile& file, const ObservedRun& run, const RtlMemories& memories,
                        const IdVector<TensorId, std::optional<StoredTensor>>& stored);

}  // namespace loopsim
