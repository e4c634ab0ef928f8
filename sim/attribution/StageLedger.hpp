#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/attribution/Measurement.hpp"
#include "sim/attribution/PortWait.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

/// Books every cycle of one stage exactly once. Time before the first step is ramp, after the last one drain.
class StageLedger {
 public:
  explicit StageLedger(std::string stage) { account_.stage = std::move(stage); }

  /// From the last booked cycle to `until` the stage waits; nothing = it owns no step (idle). Returns how many of these
  /// cycles, the last ones, were charged to the cause: none before the first step.
  Cycle wait(Cycle until, std::optional<StallCause> cause);
  /// The stage executed from the last booked cycle on.
  void execute(Cycle compute, const Cycle (&stall)[stall_causes]);
  /// What it waited for meanwhile.
  void add_waits(const WaitTimes& waits);
  void add_detail(std::string_view name, Cycle cycles) {
    if (cycles.value > 0) account_.detail[std::string(name)] += cycles.value;
  }

  Cycle booked() const { return booked_; }
  /// By number, none beyond the last.
  const std::vector<Picoseconds>& waits() const { return waits_; }
  /// Books the rest up to the end of the run and returns the account.
  StageAccount close(Cycle end);

 private:
  StageAccount account_;
  std::vector<Picoseconds> waits_;
  Cycle booked_;
  bool started_ = false;
};

}  // namespace loopsim
