#include "sim/attribution/StageLedger.hpp"

namespace loopsim {

Cycle StageLedger::wait(Cycle until, std::optional<StallCause> cause) {
  if (until <= booked_) return Cycle();
  const std::int64_t cycles = (until - booked_).value;
  booked_ = until;
  if (!started_) {
    account_.ramp += cycles;
    return Cycle();
  }
  if (cause) {
    account_.stall[static_cast<std::size_t>(*cause)] += cycles;
  } else {
    account_.idle += cycles;
  }
  return Cycle(cycles);
}

void StageLedger::execute(Cycle compute, const Cycle (&stall)[stall_causes]) {
  started_ = true;
  account_.compute += compute.value;
  booked_ += compute;
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    account_.stall[cause] += stall[cause].value;
    booked_ += stall[cause];
  }
}

void StageLedger::add_waits(const WaitTimes& waits) {
  for (const auto& [wait, time] : waits) {
    if (waits_.size() <= wait.value) waits_.resize(wait.value + 1);
    waits_[wait.value] += time;
  }
}

StageAccount StageLedger::close(Cycle end) {
  StageAccount account = account_;
  (started_ ? account.drain : account.idle) += (end - booked_).value;
  return account;
}

}  // namespace loopsim
