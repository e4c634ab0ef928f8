#pragma once

#include <array>
#include <cstdint>

#include "arch/dram/DramConstraint.hpp"

namespace loopsim {

/// One burst.
struct DramRequest {
  std::uint64_t address = 0;  ///< bytes; what lies within the burst is ignored
  bool write = false;
  std::uint64_t tag = 0;  ///< comes back with the completion
};

/// A latency by cause, gapless: the sum is completion − acceptance.
struct DramLatency {
  std::array<DramCycles, dram_cause_count> cycles = {};

  DramCycles& operator[](DramCause cause) { return cycles[static_cast<std::size_t>(cause)]; }
  DramCycles operator[](DramCause cause) const { return cycles[static_cast<std::size_t>(cause)]; }
  DramCycles total() const {
    DramCycles sum;
    for (const DramCycles c : cycles) sum += c;
    return sum;
  }
  DramLatency& operator+=(const DramLatency& other) {
    for (std::size_t i = 0; i < dram_cause_count; ++i) cycles[i] += other.cycles[i];
    return *this;
  }
};

/// What the first command for a request says about the row buffer.
enum class RowOutcome : std::uint8_t {
  none,      ///< none was sent
  hit,       ///< RD or WR
  miss,      ///< ACT
  conflict,  ///< PRE
};

/// Known as soon as the column command was sent, so `done` may lie ahead.
struct DramCompletion {
  std::uint64_t tag = 0;
  bool write = false;
  DramCycles accepted;
  DramCycles done;  ///< the end of the last data beat
  DramLatency latency;
  RowOutcome row = RowOutcome::none;
};

}  // namespace loopsim
