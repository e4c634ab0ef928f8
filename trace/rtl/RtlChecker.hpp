#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/dram/ObservedDram.hpp"
#include "trace/rtl/RtlMemories.hpp"
#include "trace/rtl/RtlPorts.hpp"

namespace loopsim {

/// Sums over a run that a replay has to come to.
struct RtlTotals {
  Cycle cycles;
  std::int64_t filled = 0;      ///< words that fills have written
  std::int64_t drained = 0;     ///< words that write-backs have read
  std::int64_t operations = 0;  ///< executed
  std::int64_t tiles = 0;       ///< tile operations
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

}  // namespace loopsim
