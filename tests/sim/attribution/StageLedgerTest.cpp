#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/attribution/StageLedger.hpp"

namespace loopsim {
namespace {

std::int64_t& stall(StageAccount& account, StallCause cause) {
  return account.stall[static_cast<std::size_t>(cause)];
}

void execute(StageLedger& ledger, std::int64_t compute, std::int64_t glb = 0) {
  Cycle stalls[stall_causes];
  stalls[static_cast<std::size_t>(StallCause::glb)] = Cycle(glb);
  ledger.execute(Cycle(compute), stalls);
}

TEST(StageLedger, WaitingBeforeTheFirstStepIsRampWhateverTheCause) {
  StageLedger ledger("Conv1");
  ledger.wait(Cycle(4), StallCause::dram);
  ledger.wait(Cycle(7), std::nullopt);
  execute(ledger, 10);
  StageAccount account = ledger.close(Cycle(17));
  EXPECT_EQ(account.stage, "Conv1");
  EXPECT_EQ(account.ramp, 7);
  EXPECT_EQ(account.compute, 10);
  EXPECT_EQ(account.idle, 0);
  EXPECT_EQ(stall(account, StallCause::dram), 0);
  EXPECT_EQ(account.total(), 17);
}

TEST(StageLedger, WaitingAfterwardsIsBookedByCause) {
  StageLedger ledger("Conv1");
  execute(ledger, 2);
  ledger.wait(Cycle(5), StallCause::dram);
  ledger.wait(Cycle(6), StallCause::space);
  ledger.wait(Cycle(10), std::nullopt);
  execute(ledger, 3, 4);
  EXPECT_EQ(ledger.booked(), Cycle(17));
  StageAccount account = ledger.close(Cycle(20));
  EXPECT_EQ(account.compute, 5);
  EXPECT_EQ(stall(account, StallCause::dram), 3);
  EXPECT_EQ(stall(account, StallCause::space), 1);
  EXPECT_EQ(stall(account, StallCause::glb), 4);
  EXPECT_EQ(account.idle, 4);
  EXPECT_EQ(account.drain, 3);
  EXPECT_EQ(account.total(), 20);
}

TEST(StageLedger, WhatIsBookedIsNotBookedAgain) {
  StageLedger ledger("Conv1");
  execute(ledger, 5);
  ledger.wait(Cycle(9), StallCause::dram);
  ledger.wait(Cycle(7), StallCause::space);
  ledger.wait(Cycle(9), StallCause::glb);
  StageAccount account = ledger.close(Cycle(9));
  EXPECT_EQ(stall(account, StallCause::dram), 4);
  EXPECT_EQ(stall(account, StallCause::space), 0);
  EXPECT_EQ(stall(account, StallCause::glb), 0);
  EXPECT_EQ(account.total(), 9);
}

TEST(StageLedger, AStageWithoutAStepIsIdle) {
  StageLedger ledger("Conv1");
  const StageAccount account = ledger.close(Cycle(12));
  EXPECT_EQ(account.idle, 12);
  EXPECT_EQ(account.total(), 12);
}

TEST(StageLedger, DetailsLieWithinTheRows) {
  StageLedger ledger("Conv1");
  execute(ledger, 1);
  ledger.add_detail("row_miss", Cycle(2));
  ledger.add_detail("row_miss", Cycle(3));
  const StageAccount account = ledger.close(Cycle(1));
  EXPECT_EQ(account.detail.at("row_miss"), 5);
  EXPECT_EQ(account.total(), 1);
}

/// Whatever is booked in whatever order, the parts sum to the end.
RC_GTEST_PROP(StageLedgerProperty, EveryCycleIsBookedOnce, ()) {
  StageLedger ledger("Stage");
  Cycle now;
  std::int64_t computed = 0;
  const auto any = [](std::int64_t low, std::int64_t high) { return *rc::gen::inRange(low, high + 1); };
  for (std::int64_t n = any(0, 20); n > 0; --n) {
    if (any(0, 2) == 0) {
      const std::int64_t own = any(0, 5);
      const std::int64_t waits = any(0, 5);
      execute(ledger, own, waits);
      computed += own;
      now = std::max(now, ledger.booked());
    } else {
      const Cycle until = now + Cycle(any(-3, 6));
      const std::int64_t cause = any(0, static_cast<std::int64_t>(stall_causes));
      ledger.wait(until, cause == static_cast<std::int64_t>(stall_causes)
                             ? std::nullopt
                             : std::optional(static_cast<StallCause>(cause)));
      now = std::max(now, until);
    }
    RC_ASSERT(ledger.booked() == now);
  }
  const Cycle end = now + Cycle(any(0, 4));
  const StageAccount account = ledger.close(end);
  RC_ASSERT(account.total() == end.value);
  RC_ASSERT(account.compute == computed);
}

}  // namespace
}  // namespace loopsim
