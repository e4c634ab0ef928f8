#pragma once

#include <cstdint>
#include <vector>

#include "sim/noc/StepPacket.hpp"

namespace loopsim {

/// Line accesses of a step at each bank; nothing = none, or the buffer has no banks.
using BankLines = std::vector<std::int64_t>;

/// A kind of step: bits that it moves over the ports of levels outside the array, all lanes of one instance of that
/// level, and the cycles its private buffers need.
struct ArrayStep {
  std::int64_t cycles_per_step = 1;  ///< Einsum::steps_per_operation, or more where a private buffer's port is slower
  std::vector<std::int64_t> read_bits;  ///< by level outside the array (index 0, 1)
  std::vector<std::int64_t> write_bits;
  BankLines bank_reads;  ///< line accesses at each bank of level 1; empty if it has none
  BankLines bank_writes;
  std::vector<const std::vector<StepPacket>*> packets;  ///< on the rung `noc`; they live as long as the executor
  EinsumId einsum{};
  std::vector<TensorId> most_read{};  ///< by level: whose words most of read_bits are
  std::vector<TensorId> most_written{};
};

/// Equal steps that follow each other.
struct StepRun {
  std::int64_t steps = 0;
  const ArrayStep* step = nullptr;  ///< lives as long as the executor
};

}  // namespace loopsim
