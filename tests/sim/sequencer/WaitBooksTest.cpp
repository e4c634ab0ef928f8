#include <gtest/gtest.h>

#include "sim/sequencer/WaitBooks.hpp"

namespace loopsim {
namespace {

/// An operation that starts at cycle 100 on an array that has been free since cycle 10.
struct WaitBooksTest : ::testing::Test {
  WaitBooksTest() {
    ledger.execute(Cycle(10), {});
    tile.free_to_start = Cycle();
  }
  std::int64_t stall(StallCause cause) {
    book_wait(ledger, tile, Cycle(100));
    const StageAccount account = ledger.close(Cycle(100));
    EXPECT_EQ(account.total(), 100);
    return account.stall[static_cast<std::size_t>(cause)];
  }
  void move(std::int64_t issued, std::int64_t left_memory, std::int64_t completed) {
    tile.last_move = PendingTile::Arrival{Cycle(issued), Cycle(left_memory), Cycle(completed), {}, {}};
  }

  StageLedger ledger{"A"};
  PendingTile tile;
};

TEST_F(WaitBooksTest, AFillIsMemoryUntilItHasLeftItAndBufferAfter) {
  move(20, 70, 90);
  EXPECT_EQ(stall(StallCause::dram), 50);
  const StageAccount account = ledger.close(Cycle(100));
  EXPECT_EQ(account.stall[static_cast<std::size_t>(StallCause::glb)], 20);
  EXPECT_EQ(account.stall[static_cast<std::size_t>(StallCause::dependency)], 20)
      << "before it was asked for, and after";
}

TEST_F(WaitBooksTest, BeforeItWasAdmittedWhatKeptItOut) {
  tile.hold(StallCause::space, Cycle(10));
  tile.hold(StallCause::writeback, Cycle(40));
  tile.admitted_at = Cycle(60);
  move(60, 100, 100);
  EXPECT_EQ(stall(StallCause::space), 30);
  const StageAccount account = ledger.close(Cycle(100));
  EXPECT_EQ(account.stall[static_cast<std::size_t>(StallCause::writeback)], 20);
  EXPECT_EQ(account.stall[static_cast<std::size_t>(StallCause::dram)], 40);
}

TEST_F(WaitBooksTest, WhereItsTurnCameLastWhatBlockedIt) {
  tile.free_to_start = Cycle(100);
  tile.blocked_by = StallCause::space;
  move(10, 20, 30);
  EXPECT_EQ(stall(StallCause::space), 90);
}

TEST_F(WaitBooksTest, WhatItWritesOverIsWrittenBackFirst) {
  move(10, 30, 30);
  tile.writing_back_since = Cycle(30);
  EXPECT_EQ(stall(StallCause::writeback), 70);
}

TEST(PendingTile, AHoldLastsUntilTheCauseChanges) {
  PendingTile tile;
  tile.hold(StallCause::space, Cycle(1));
  tile.hold(StallCause::space, Cycle(2));
  tile.hold(std::nullopt, Cycle(3));
  ASSERT_EQ(tile.holds.size(), 2u);
  EXPECT_EQ(tile.holds[0].since, Cycle(1));
  EXPECT_EQ(tile.holds[1].since, Cycle(3));
}

}  // namespace
}  // namespace loopsim
