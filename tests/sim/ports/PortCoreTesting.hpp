#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

#include "sim/ports/PortCore.hpp"

namespace loopsim {

constexpr std::int64_t hertz = 1'000'000'000;
const Clock test_clock(hertz);

inline Picoseconds cycles(std::int64_t n) {
  return test_clock.at(Cycle(n));
}
/// Bits per second of a port that moves so many bits a cycle.
inline std::int64_t rate(std::int64_t bits_per_cycle) {
  return bits_per_cycle * hertz;
}
/// Equal steps.
struct Run {
  std::int64_t steps = 0;
  std::int64_t cycles = 1;
  std::vector<PortCore::Demand> demands;
};
inline Run run_of(std::int64_t steps, std::int64_t own_cycles, std::vector<PortCore::Demand> demands) {
  return {steps, own_cycles, std::move(demands)};
}
inline void start(PortCore& core, UserIndex user, Picoseconds now, const std::vector<Run>& runs) {
  std::vector<StepSequence> sequences;
  for (const Run& run : runs) sequences.push_back({run.steps, core.add_step({run.cycles, run.demands, LoadId()})});
  core.start(user, now, core.make_job(std::move(sequences)));
}
/// When the job ends if no further chunk gets in the way.
inline Picoseconds end_of(PortCore core, UserIndex user) {
  Picoseconds end = core.earliest_end(user);
  while (!core.finished(user, end)) end = core.earliest_end(user);
  return end;
}

/// Of all ports together; in whole cycles.
inline Cycle waited(const PortCore& core, UserIndex user, StallCause cause, PortDetail detail) {
  Picoseconds sum;
  for (const auto& [id, time] : core.spent(user).waits) {
    if (core.wait(id).cause == cause && core.wait(id).detail == detail) sum += time;
  }
  EXPECT_EQ(sum.value % test_clock.period.value, 0);
  return Cycle(sum.value / test_clock.period.value);
}
/// Of each cause the waits sum to its stall.
inline bool waits_sum_to_stalls(const PortCore& core, UserIndex user) {
  Picoseconds sums[stall_causes];
  for (const auto& [id, time] : core.spent(user).waits) {
    if (time < Picoseconds()) return false;
    sums[static_cast<std::size_t>(core.wait(id).cause)] += time;
  }
  for (std::size_t i = 0; i < stall_causes; ++i) {
    if (sums[i] != test_clock.at(core.spent(user).stall[i])) return false;
  }
  return true;
}
inline std::int64_t stalled(const PortCore& core, UserIndex user, StallCause cause) {
  return core.spent(user).stall[static_cast<std::size_t>(cause)].value;
}
inline std::int64_t spent_in_all(const PortCore& core, UserIndex user) {
  std::int64_t sum = core.spent(user).compute.value;
  for (Cycle stall : core.spent(user).stall) sum += stall.value;
  return sum;
}

}  // namespace loopsim
