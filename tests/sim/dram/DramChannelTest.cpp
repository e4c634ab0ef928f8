#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dram/DramChannel.hpp"
#include "tests/sim/dram/DramTraffic.hpp"
#include "tests/sim/dram/NaiveDramChecker.hpp"

namespace loopsim {
namespace {

using C = JedecCommand;
using ::testing::ElementsAre;

constexpr std::uint64_t row_bytes = 8192;           // of DDR4-2400
constexpr std::uint64_t bank_step = 4 * row_bytes;  // bank_in_row: the next bank of the group
constexpr std::uint64_t row_step = 16 * row_bytes;  // … the next row of the bank

/// A memory with its commands and completions on record.
class Bench {
 public:
  explicit Bench(DramControllerSettings controller = {}, const std::string& part = "ddr4-2400-17")
      : part_(load_dram_part(part)),
        controller_(controller),
        map_(bank_in_row, part_.organisation, controller.ranks, 1),
        channel_(part_, controller) {
    channel_.record_commands(&commands);
  }

  bool offer(std::uint64_t address, bool write, std::int64_t now) {
    channel_.advance(DramCycles(now - 1), done);
    const DramLocation location = map_.locate(address);
    if (!channel_.has_room(write, location.bank)) return false;
    channel_.accept({address, write, tag_++}, location, DramCycles(now), done);
    return true;
  }
  bool read(std::uint64_t address, std::int64_t now) { return offer(address, false, now); }
  bool write(std::uint64_t address, std::int64_t now) { return offer(address, true, now); }

  void finish() {
    while (const auto next = channel_.next_event()) channel_.advance(*next, done);
    EXPECT_EQ(fault_of(commands, part_, DramGeometry(part_.organisation, controller_.ranks)), "");
  }
  DramChannel& channel() { return channel_; }

  const DramCompletion& completion(std::uint64_t tag) const {
    for (const DramCompletion& c : done) {
      if (c.tag == tag) return c;
    }
    throw std::logic_error("request not completed");
  }
  std::int64_t latency(std::uint64_t tag) const {
    const DramCompletion& c = completion(tag);
    EXPECT_EQ(c.latency.total(), c.done - c.accepted);
    return (c.done - c.accepted).value;
  }
  std::vector<std::uint64_t> order() const {
    std::vector<std::uint64_t> tags;
    for (const DramCompletion& c : done) tags.push_back(c.tag);
    return tags;
  }
  std::vector<std::string> sent() const {
    std::vector<std::string> texts;
    for (const DramCommandRecord& c : commands) {
      texts.push_back(std::string(name_of(c.command)) + "@" + std::to_string(c.time.value));
    }
    return texts;
  }

  std::vector<DramCommandRecord> commands;
  std::vector<DramCompletion> done;

 private:
  DramPart part_;
  DramControllerSettings controller_;
  DramAddressMap map_;
  DramChannel channel_;
  std::uint64_t tag_ = 0;
};

TEST(DramChannel, UnloadedReads) {
  Bench bench;
  bench.read(0, 0);
  bench.read(64, 1000);
  bench.read(row_step, 2000);
  bench.finish();
  EXPECT_EQ(bench.latency(0), 17 + 17 + 4) << "closed: tRCD + CL + BL/2";
  EXPECT_EQ(bench.latency(1), 17 + 4) << "hit: CL + BL/2";
  EXPECT_EQ(bench.latency(2), 17 + 17 + 17 + 4) << "conflict: tRP + tRCD + CL + BL/2";
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@0", "RD@17", "RD@1000", "PRE@2000", "ACT@2017", "RD@2034"));
  const DramLatency& conflict = bench.completion(2).latency;
  EXPECT_EQ(conflict[DramCause::precharge], DramCycles(17));
  EXPECT_EQ(conflict[DramCause::activate], DramCycles(17));
  EXPECT_EQ(conflict[DramCause::data], DramCycles(21));
  EXPECT_EQ(conflict[DramCause::queue], DramCycles(0));
  const DramStatistics s = bench.channel().statistics();
  EXPECT_EQ(s.row_hits, 1);
  EXPECT_EQ(s.row_misses, 1);
  EXPECT_EQ(s.row_conflicts, 1);
}

TEST(DramChannel, UnloadedWrites) {
  Bench bench;
  bench.write(0, 0);
  bench.write(64, 1000);
  bench.write(row_step, 2000);
  bench.finish();
  EXPECT_EQ(bench.latency(0), 17 + 12 + 4);
  EXPECT_EQ(bench.latency(1), 12 + 4);
  EXPECT_EQ(bench.latency(2), 17 + 17 + 12 + 4);
}

TEST(DramChannel, UnloadedReadsOfAllParts) {
  struct {
    const char* part;
    std::int64_t closed, hit;
  } const cases[] = {{"lpddr4-3200", 29 + 28 + 6 + 8, 28 + 6 + 8},
                     {"lpddr5-6400", 15 + 17 + 2, 17 + 2},
                     {"hbm2-2000", 14 + 14 + 2, 14 + 2}};
  for (const auto& c : cases) {
    Bench bench({}, c.part);
    bench.read(0, 0);
    bench.read(32, 500);
    bench.finish();
    EXPECT_EQ(bench.latency(0), c.closed) << c.part;
    EXPECT_EQ(bench.latency(1), c.hit) << c.part;
  }
}

// Early precharge waits for tRAS, tRTP or tWR; the request that wanted it is charged for precharge.
TEST(DramChannel, PrechargeWaitsForTheRow) {
  Bench bench;
  bench.read(0, 0);
  bench.read(row_step, 1);
  bench.finish();
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@0", "RD@17", "PRE@39", "ACT@56", "RD@73"));
  EXPECT_EQ(bench.completion(1).latency[DramCause::precharge], DramCycles(38 + 17)) << "tRAS and tRP";
  Bench writes;
  writes.write(0, 0);
  writes.write(row_step, 1);
  writes.finish();
  EXPECT_THAT(writes.sent(), ElementsAre("ACT@0", "WR@17", "PRE@51", "ACT@68", "WR@85"));
  EXPECT_EQ(bench.latency(1), 73 + 21 - 1);
}

TEST(DramChannel, HitsOvertakeWithFrFcfsOnly) {
  for (const auto scheduler : {DramScheduler::frfcfs, DramScheduler::fcfs}) {
    DramControllerSettings controller;
    controller.scheduler = scheduler;
    Bench bench(controller);
    bench.read(0, 0);         // opens the row
    bench.read(row_step, 1);  // conflicts
    bench.read(64, 2);        // hits
    bench.finish();
    if (scheduler == DramScheduler::frfcfs) {
      EXPECT_THAT(bench.order(), ElementsAre(0, 2, 1));
    } else {
      EXPECT_THAT(bench.order(), ElementsAre(0, 1, 2));
    }
  }
}

TEST(DramChannel, FcfsKeepsReadsAndWritesInOrder) {
  DramControllerSettings controller;
  controller.scheduler = DramScheduler::fcfs;
  Bench bench(controller);
  for (std::uint64_t i = 0; i < 8; ++i) bench.offer(i * 64, i % 2 == 1, static_cast<std::int64_t>(i));
  bench.finish();
  EXPECT_THAT(bench.order(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(DramChannel, CapOfRowHits) {
  DramControllerSettings controller;
  controller.row_hit_cap = 2;
  Bench bench(controller);
  bench.read(0, 0);
  bench.read(row_step, 1);
  for (std::uint64_t i = 1; i <= 4; ++i) bench.read(64 * i, 1 + static_cast<std::int64_t>(i));
  bench.finish();
  EXPECT_THAT(bench.order(), ElementsAre(0, 2, 1, 3, 4, 5));
}

TEST(DramChannel, ClosedPagePrechargesAfterEveryBurst) {
  DramControllerSettings controller;
  controller.page = DramPage::closed;
  Bench bench(controller);
  bench.read(0, 0);
  bench.read(64, 1);
  bench.write(bank_step, 1000);
  bench.finish();
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@0", "RDA@17", "ACT@56", "RDA@73", "ACT@1000", "WRA@1017"));
  EXPECT_EQ(bench.channel().statistics().row_misses, 3);
}

TEST(DramChannel, OneCommandAClock) {
  Bench bench;
  // Four banks of different groups want to be opened at once, and their bursts collide with further ACT.
  for (std::uint64_t i = 0; i < 8; ++i) bench.read(i * row_bytes + (i / 4) * bank_step, 0);
  bench.finish();
  for (std::size_t i = 1; i < bench.commands.size(); ++i) {
    EXPECT_LT(bench.commands[i - 1].time, bench.commands[i].time);
  }
}

TEST(DramChannel, SeparateBusesForRowsAndColumns) {
  Bench bench({}, "hbm2-2000");
  std::int64_t now = 0;
  for (const DramTraceLine& line : random_trace(1000, 20).lines) {
    while (!bench.read(line.address * 16, now)) ++now;
  }
  bench.finish();
  int together = 0;
  for (std::size_t i = 1; i < bench.commands.size(); ++i) {
    together += bench.commands[i - 1].time == bench.commands[i].time ? 1 : 0;
  }
  EXPECT_GT(together, 100);
}

TEST(DramChannel, WritesAreDrainedTogether) {
  DramControllerSettings controller;
  controller.refresh = DramRefresh::off;
  Bench bench(controller);
  // Reads never run out, so writes wait for the mark: 26 of 32; then they go until 6 are left.
  std::int64_t now = 0;
  std::uint64_t i = 0;
  for (; bench.channel().statistics().writes < 60; ++now) {
    if (bench.offer(i % 2 * row_bytes + i / 2 * 64, i % 2 == 1, now)) ++i;
  }
  std::vector<int> drains;
  bool writing = false;
  for (const DramCommandRecord& c : bench.commands) {
    if (!is_column(c.command)) continue;
    if (is_write(c.command) && !writing) drains.push_back(0);
    writing = is_write(c.command);
    if (writing) ++drains.back();
  }
  ASSERT_GE(drains.size(), 2U);
  EXPECT_GE(drains[0], 20) << "from 26 to 6";
  EXPECT_LE(drains[0], 32);
}

TEST(DramChannel, LoneWriteGoesAtOnce) {
  Bench bench;
  bench.write(0, 0);
  bench.finish();
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@0", "WR@17"));
}

TEST(DramChannel, ReadOfAWaitingWriteIsForwarded) {
  Bench bench;
  bench.read(64, 0);
  bench.write(0, 0);
  bench.read(0, 1);
  bench.finish();
  EXPECT_EQ(bench.latency(2), 1);
  EXPECT_EQ(bench.channel().statistics().forwarded_reads, 1);
}

TEST(DramChannel, WriteWaitsForAnOlderReadOfItsBurst) {
  DramControllerSettings controller;
  controller.write_high_percent = 3;  // one write starts a drain
  controller.write_low_percent = 0;
  Bench bench(controller);
  bench.read(0, 0);
  bench.write(0, 0);
  bench.write(64, 0);
  bench.write(0, 1);
  bench.finish();
  EXPECT_THAT(bench.order(), ElementsAre(2, 0, 1, 3));
}

TEST(DramChannel, TurnaroundIsChargedAndCounted) {
  Bench bench;
  bench.read(0, 0);
  bench.finish();
  bench.write(64, 18);  // one cycle after RD@17
  bench.finish();
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@0", "RD@17", "WR@28"));
  EXPECT_EQ(bench.completion(1).latency[DramCause::turnaround], DramCycles(10));
  EXPECT_EQ(bench.channel().statistics().turnaround, DramCycles(2)) << "data end at 38, begin at 40";
}

TEST(DramChannel, SpacingIsCharged) {
  Bench bench;
  bench.read(0, 0);
  bench.read(64, 100);
  bench.read(128, 101);
  bench.finish();
  EXPECT_EQ(bench.latency(2), 5 + 21);
  EXPECT_EQ(bench.completion(2).latency[DramCause::spacing], DramCycles(5)) << "tCCD_L";
}

TEST(DramChannel, RequestBehindOthersIsChargedForTheQueue) {
  Bench bench;
  for (std::uint64_t i = 0; i < 4; ++i) bench.read(64 * i, 0);
  bench.finish();
  // RD at 17, 23, 29, 35: the last waits behind two others, then tCCD_L after the third.
  EXPECT_EQ(bench.completion(3).latency[DramCause::spacing], DramCycles(6));
  EXPECT_EQ(bench.completion(3).latency[DramCause::queue], DramCycles(29));
}

TEST(DramChannel, RefreshOfAllBanks) {
  Bench bench;
  bench.read(0, 9350);
  bench.read(64, 9400);
  bench.finish();
  // Due at 9360 with a row open since 9350, which stays open for tRAS; RD would have come at 9367.
  EXPECT_THAT(bench.sent(), ElementsAre("ACT@9350", "PREA@9389", "REF@9406", "ACT@9826", "RD@9843", "RD@9849"));
  const DramLatency& first = bench.completion(0).latency;
  EXPECT_EQ(first[DramCause::refresh], DramCycles(9826 - 9360 - 7)) << "but for 7 cycles of tRCD before all was lost";
  EXPECT_EQ(bench.channel().statistics().refreshes(), 1);
  EXPECT_EQ(bench.channel().statistics().refresh_blocked, DramCycles(9826 - 9360));
}

TEST(DramChannel, RefreshOfSingleBanksLeavesTheOthers) {
  DramControllerSettings controller;
  controller.refresh = DramRefresh::per_bank;
  Bench bench(controller, "lpddr4-3200");
  // One row of 2 KiB after another: bank 1 before its refresh is due.
  bench.read(0, 790);     // bank 0 is refreshed at 780
  bench.read(2048, 790);  // bank 1
  bench.finish();
  EXPECT_THAT(bench.sent(), ElementsAre("REFpb@780", "ACT@796", "RD@825", "ACT@1004", "RD@1033"));
  EXPECT_EQ(bench.completion(0).latency[DramCause::refresh], DramCycles(1004 - 790));
  EXPECT_EQ(bench.completion(1).latency[DramCause::refresh], DramCycles(6)) << "tRREFD is refresh, too";
}

TEST(DramChannel, BanksAreRefreshedInTurn) {
  DramControllerSettings controller;
  controller.refresh = DramRefresh::per_bank;
  Bench bench(controller, "lpddr4-3200");
  std::vector<std::uint32_t> banks;
  for (std::int64_t now = 0; now < 780 * 20; now += 100) bench.read(static_cast<std::uint64_t>(now) * 64, now);
  bench.finish();
  for (const DramCommandRecord& c : bench.commands) {
    if (c.command == C::refresh_bank) banks.push_back(c.bank.value);
  }
  ASSERT_GE(banks.size(), 16U);
  for (std::size_t i = 0; i < banks.size(); ++i) EXPECT_EQ(banks[i], i % 8);
}

TEST(DramChannel, RanksAreRefreshedOneAfterTheOther) {
  DramControllerSettings controller;
  controller.ranks = 2;
  Bench bench(controller);
  for (std::int64_t now = 0; now < 40'000; now += 50) bench.read(static_cast<std::uint64_t>(now) * 64, now);
  bench.finish();
  std::vector<std::string> refreshes;
  for (const DramCommandRecord& c : bench.commands) {
    if (c.command == C::refresh) refreshes.push_back(c.bank.value < 16 ? "first" : "second");
  }
  EXPECT_THAT(refreshes, ElementsAre("first", "second", "first", "second", "first", "second", "first"));
}

TEST(DramChannel, LongIdleTimesAreMadeUpFor) {
  for (const auto mode : {DramRefresh::all_banks, DramRefresh::per_bank}) {
    DramControllerSettings controller;
    controller.refresh = mode;
    Bench bench(controller, "lpddr4-3200");
    bench.read(0, 0);
    bench.read(0, std::int64_t(1) << 50);
    bench.finish();
    const std::int64_t interval = mode == DramRefresh::per_bank ? 780 : 6246;
    EXPECT_NEAR(static_cast<double>(bench.channel().statistics().refreshes()),
                static_cast<double>((std::int64_t(1) << 50) / interval), 1);
    EXPECT_LT(bench.commands.size(), 200U);
  }
}

TEST(DramChannel, QueueHoldsItsDepthAndHasRoomInTheNextCycle) {
  DramControllerSettings controller;
  controller.queue_depth = 2;
  Bench bench(controller);
  EXPECT_TRUE(bench.read(0, 0));
  EXPECT_TRUE(bench.read(64, 0));
  EXPECT_FALSE(bench.read(128, 0));
  EXPECT_TRUE(bench.write(row_bytes, 0)) << "writes have places of their own";
  EXPECT_FALSE(bench.read(128, 17)) << "RD goes at 17";
  EXPECT_TRUE(bench.read(128, 18));
  bench.finish();
}

TEST(DramChannel, QueuesOfBanks) {
  DramControllerSettings controller;
  controller.queueing = DramQueueing::per_bank;
  controller.queue_depth = 1;
  Bench bench(controller);
  EXPECT_TRUE(bench.read(0, 0));
  EXPECT_FALSE(bench.read(64, 0));
  EXPECT_TRUE(bench.read(row_bytes, 0)) << "another bank";
  bench.finish();
}

TEST(DramChannel, FullBankQueueOfWritesIsDrainedThoughReadsGoOn) {
  DramControllerSettings controller;
  controller.queueing = DramQueueing::per_bank;
  controller.queue_depth = 4;
  Bench bench(controller);
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_TRUE(bench.write(i * row_step, 0));
  std::int64_t accepted = -1;
  for (std::int64_t now = 1; now < 2000 && accepted < 0; ++now) {
    bench.read(row_bytes + static_cast<std::uint64_t>(now) % 64 * 64, now);
    if (bench.write(9 * row_step, now)) accepted = now;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 200);
  bench.finish();
}

}  // namespace
}  // namespace loopsim
