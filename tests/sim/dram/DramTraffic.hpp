#pragma once

#include <functional>
#include <string>
#include <vector>

#include "arch/dram/DramPartLoader.hpp"
#include "sim/dram/DramMemory.hpp"
#include "sim/dram/DramTracePlayer.hpp"

namespace loopsim {

inline const std::string bank_in_row = "row:bank:bankgroup:column";  ///< M1: runs stay in a bank
inline const std::string interleaved = "row:column:bank:bankgroup";  ///< M2: runs go over all banks

/// Request i of `count`, as fast as accepted.
inline DramTrace trace_of(std::int64_t count, const std::function<DramTraceLine(std::int64_t)>& line) {
  DramTrace trace;
  for (std::int64_t i = 0; i < count; ++i) trace.lines.push_back(line(i));
  return trace;
}

/// The reference traces' generator.
class Xorshift64 {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

inline DramTrace random_trace(std::int64_t count, int address_bits, bool write = false) {
  Xorshift64 random;
  return trace_of(count, [&](std::int64_t) {
    return DramTraceLine{(random.next() & ((std::uint64_t(1) << address_bits) - 1)) * 64, write, {}};
  });
}

inline DramTrace stride_trace(std::int64_t count, std::uint64_t stride, bool write = false) {
  constexpr std::uint64_t span = std::uint64_t(8) << 30;
  return trace_of(count, [&](std::int64_t i) {
    return DramTraceLine{static_cast<std::uint64_t>(i) * stride % span, write, {}};
  });
}

struct DramRun {
  std::string part = "ddr4-2400-17";
  std::string mapping = interleaved;
  std::int64_t channels = 1;
  DramControllerSettings controller;
  std::optional<DramCycles> gap;
};

inline DramStatistics statistics_of(const DramTrace& trace, const DramRun& run) {
  DramMemory memory(load_dram_part(run.part), run.controller, run.mapping, run.channels);
  play_dram_trace(memory, trace, run.gap);
  return memory.statistics();
}

inline std::int64_t cycles_of(const DramTrace& trace, const DramRun& run) {
  return statistics_of(trace, run).elapsed().value;
}

inline double read_latency_of(const DramTrace& trace, const DramRun& run) {
  const DramStatistics s = statistics_of(trace, run);
  return static_cast<double>(s.read_latency.total().value) / static_cast<double>(s.reads);
}

}  // namespace loopsim
