#pragma once

#include <cstdint>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/noc/PeNode.hpp"

namespace loopsim {

/// Equal packets between a memory outside the array and PEs. Each holds words of the same PEs, at most a line of that
/// memory.
struct StepPacket {
  bool sum = false;           ///< from PEs, combined on the way; else one copy for each PE
  LevelId memory;             ///< 0 or 1
  std::size_t operand = 0;    ///< of the einsum: inputs in order, then the output
  std::int64_t bits = 0;      ///< of one
  std::vector<PeNode> nodes;  ///< sorted, each once
  std::int64_t count = 1;

  friend bool operator==(const StepPacket& a, const StepPacket& b) {
    return a.sum == b.sum && a.memory == b.memory && a.operand == b.operand && a.bits == b.bits && a.nodes == b.nodes &&
           a.count == b.count;
  }
};

}  // namespace loopsim
