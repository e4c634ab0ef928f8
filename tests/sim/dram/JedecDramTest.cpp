#include <algorithm>
#include <gtest/gtest.h>
#include <list>
#include <rapidcheck/gtest.h>

#include "arch/dram/DramPartLoader.hpp"
#include "sim/dram/JedecDram.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t hertz = 1'000'000'000;
constexpr std::int64_t tensor_words = 1 << 20;

/// One channel of DDR4-2400 (bursts of 64 B, 3 1/3 ns each at full rate), and a global buffer without limits.
Architecture plain_machine() {
  Architecture machine = ideal_architecture(3);
  machine.clock_hz = hertz;
  machine.dram.part = "ddr4-2400-17";
  machine.dram.mapping = "row:bank:column:bankgroup";
  machine.dram.controller.refresh = DramRefresh::off;
  return machine;
}

StoredTensor flat_tensor() {
  StoredTensor tensor;
  tensor.box = {{0, tensor_words}};
  tensor.order = {0};
  tensor.words = {1};
  tensor.total_words = tensor_words;
  return tensor;
}

/// A DRAM by itself with one tensor of bytes: transfers handed in at given cycles, until all are complete.
class Bench {
 public:
  explicit Bench(const Architecture& machine)
      : machine_(machine),
        clock_(machine.clock_hz),
        core_(clock_),
        ports_(make_ports(machine_, core_)),
        dram_(machine_, make_dram_memory(machine_), {flat_tensor()}, ports_, core_, clock_) {}

  Transfer& add(std::int64_t cycle, Move::Kind kind, std::int64_t first_word, std::int64_t words,
                Transfer::Urgency urgency) {
    Transfer& transfer = transfers_.emplace_back();
    transfer.number = static_cast<std::int64_t>(transfers_.size());
    transfer.move.kind = kind;
    Box box;
    box.dimensions.emplace_back(first_word, first_word + words);
    transfer.move.lanes.push_back({{}, PointSet(box)});
    transfer.urgency = urgency;
    transfer.issued = Cycle(cycle);
    const bool fill = kind == Move::Kind::fill;
    transfer.source = LevelId(fill ? 0 : 1);
    transfer.destination = LevelId(fill ? 1 : 0);
    transfer.source_bits = transfer.destination_bits = words * 8;
    return transfer;
  }
  Transfer& fill(std::int64_t cycle, std::int64_t first_word, std::int64_t words,
                 Transfer::Urgency urgency = Transfer::Urgency::demand_fill) {
    return add(cycle, Move::Kind::fill, first_word, words, urgency);
  }
  Transfer& drain(std::int64_t cycle, std::int64_t first_word, std::int64_t words,
                  Transfer::Urgency urgency = Transfer::Urgency::drain) {
    return add(cycle, Move::Kind::drain, first_word, words, urgency);
  }

  void run() {
    std::vector<Transfer*> waiting;
    for (Transfer& transfer : transfers_) waiting.push_back(&transfer);
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const Transfer* a, const Transfer* b) { return a->issued < b->issued; });
    std::size_t next = 0;
    Picoseconds now;
    for (int events = 0; events < 1'000'000; ++events) {
      while (next < waiting.size() && clock_.at(waiting[next]->issued) <= now) dram_.submit(*waiting[next++], now);
      dram_.advance(now, done_);
      std::optional<Picoseconds> then = dram_.next_event();
      if (next < waiting.size()) {
        const Picoseconds submission = clock_.at(waiting[next]->issued);
        then = std::min(then.value_or(submission), submission);
      }
      if (!then) return;
      ASSERT_GE(*then, now);
      now = *then;
    }
    ADD_FAILURE() << "no end";
  }

  /// Transfers within the buffer last until then.
  void copy_until(std::int64_t cycle) { core_.hold(ports_.levels[1].copy, clock_.at(Cycle(cycle))); }

  const std::vector<Transfer*>& done() const { return done_; }
  std::list<Transfer>& transfers() { return transfers_; }
  DramCounters counters() const {
    Cycle end;
    for (const Transfer& transfer : transfers_) end = std::max(end, transfer.completed);
    return dram_.counters(clock_.at(end));
  }

 private:
  Architecture machine_;
  Clock clock_;
  PortCore core_;
  MemoryPorts ports_;
  JedecDram dram_;
  std::list<Transfer> transfers_;
  std::vector<Transfer*> done_;
};

Cycle delay(const Transfer& transfer, MemoryDelay delay) {
  return transfer.history->within(delay, Cycle(), transfer.left_memory);
}

TEST(JedecDram, AReadOfAClosedRowTakesItsLatency) {
  Bench bench(plain_machine());
  const Transfer& fill = bench.fill(0, 0, 64);
  bench.run();
  // tRCD + CL + BL / 2 = 17 + 17 + 4 clocks of 5/6 ns are 31.7 ns.
  EXPECT_EQ(fill.left_memory, Cycle(32));
  EXPECT_EQ(fill.completed, Cycle(32));
  EXPECT_EQ(bench.counters().jedec->row_misses, 1);
  EXPECT_EQ(delay(fill, MemoryDelay::issue), Cycle(0));
  EXPECT_EQ(delay(fill, MemoryDelay::row_miss), Cycle(15));  // 17 clocks are 14.2 ns
  EXPECT_EQ(delay(fill, MemoryDelay::data), Cycle(17));
}

TEST(JedecDram, AFillAfterCopiesAndThoseBehindItWaitForThem) {
  Bench bench(plain_machine());
  Transfer& first = bench.fill(0, 0, 64);
  Transfer& second = bench.fill(0, 64, 64);
  first.after_copies = true;
  bench.copy_until(1000);
  bench.run();
  // As a read by itself, but so much later.
  EXPECT_EQ(first.completed, Cycle(1032));
  EXPECT_GT(second.completed, first.completed);
  EXPECT_EQ(delay(first, MemoryDelay::issue), Cycle(1000));
}

TEST(JedecDram, AWriteIsCompleteWhenItsDataAreThrough) {
  Bench bench(plain_machine());
  const Transfer& drain = bench.drain(0, 0, 64);
  bench.run();
  EXPECT_EQ(drain.completed, Cycle(28));  // tRCD + CWL + BL / 2 = 17 + 12 + 4 clocks
  EXPECT_EQ(bench.counters().write_bytes, 64);
}

TEST(JedecDram, AStreamRunsAtThePeakOfThePart) {
  Bench bench(plain_machine());
  const Transfer& fill = bench.fill(0, 0, 64 * 3000);
  bench.run();
  const std::int64_t data = 10'000;  // 3000 bursts of 10/3 ns
  EXPECT_GE(fill.completed.value, data + 28);
  EXPECT_LE(fill.completed.value, data + 100);
  EXPECT_EQ(bench.counters().busy_cycles, data);
  EXPECT_EQ(bench.counters().read_bursts, 3000);
}

TEST(JedecDram, TheSeriesSumsToTheCounters) {
  Bench bench(plain_machine());
  bench.fill(0, 0, 64 * 300);
  bench.drain(2000, 1 << 19, 64 * 200);
  bench.fill(2000, 0, 64 * 100);
  bench.run();
  const DramCounters counters = bench.counters();
  DramActivity sum;
  for (const DramActivity& activity : counters.series.intervals()) sum += activity;
  EXPECT_EQ(sum.read_bytes, counters.read_bytes);
  EXPECT_EQ(sum.write_bytes, counters.write_bytes);
  EXPECT_GT(sum.row_hits, 0);
  EXPECT_EQ(sum.row_hits, counters.jedec->row_hits);
  EXPECT_EQ(sum.row_misses, counters.jedec->row_misses);
  EXPECT_EQ(sum.row_conflicts, counters.jedec->row_conflicts);
  // 300 bursts are through after 1000 cycles and a row's opening; then there is nothing until cycle 2000.
  const std::size_t idle = 1500 / static_cast<std::size_t>(counters.series.interval().value);
  EXPECT_EQ(counters.series.intervals()[0].row_misses, 4);  // one in each bank group
  EXPECT_GT(counters.series.intervals()[idle / 2].read_bytes, 0);
  EXPECT_EQ(counters.series.intervals()[idle].read_bytes, 0);
}

TEST(JedecDram, PartsOfBurstsAreMovedWhole) {
  Bench bench(plain_machine());
  const Transfer& fill = bench.fill(0, 60, 8);
  bench.run();
  EXPECT_EQ(bench.counters().read_bursts, 2);
  EXPECT_EQ(bench.counters().read_bytes, 128);
  EXPECT_EQ(fill.destination_moved, fill.destination_bits);
}

TEST(JedecDram, LanesThatShareWordsReadThemOnce) {
  Bench bench(plain_machine());
  Transfer& fill = bench.fill(0, 0, 640);
  fill.move.lanes.push_back(fill.move.lanes.front());
  fill.move.lanes.back().place = {1};
  bench.run();
  EXPECT_EQ(bench.counters().read_bursts, 10);
}

TEST(JedecDram, WhatComesFromANeighbourIsNotRead) {
  Bench bench(plain_machine());
  Transfer& fill = bench.fill(0, 0, 640);
  Box half;
  half.dimensions.emplace_back(320, 640);
  fill.move.peers.push_back({{}, PointSet(half)});
  bench.run();
  EXPECT_EQ(bench.counters().read_bursts, 5);
  EXPECT_EQ(fill.destination_moved, fill.destination_bits);
}

TEST(JedecDram, OtherRowsOfABankCost) {
  Architecture machine = plain_machine();
  Bench bench(machine);
  const std::int64_t bank_stride = 4 * 8192;
  const Transfer& first = bench.fill(0, 0, 64);
  const Transfer& second = bench.fill(100, 4 * bank_stride, 64);
  bench.run();
  EXPECT_EQ(first.completed, Cycle(32));
  EXPECT_EQ(second.completed, Cycle(146));  // tRP first: 55 clocks are 45.8 ns
  EXPECT_EQ(bench.counters().jedec->row_conflicts, 1);
  EXPECT_EQ(delay(second, MemoryDelay::row_conflict), Cycle(15));
}

TEST(JedecDram, ARefreshIsInTheHistory) {
  Architecture machine = plain_machine();
  machine.dram.controller.refresh = DramRefresh::all_banks;
  Bench bench(machine);
  const Transfer& fill = bench.fill(7'900, 0, 64);  // due at 7 800 ns, for 350 ns
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(8'182));  // 9360 + 420 + 38 clocks
  EXPECT_EQ(delay(fill, MemoryDelay::refresh), Cycle(250));
  EXPECT_EQ(bench.counters().jedec->refreshes, 1);
}

TEST(JedecDram, RefreshesGoOnToTheEndOfTheRun) {
  Architecture machine = plain_machine();
  machine.dram.controller.refresh = DramRefresh::all_banks;
  Bench bench(machine);
  bench.fill(100'000, 0, 64);
  bench.run();
  EXPECT_EQ(bench.counters().jedec->refreshes, 12);  // every 7.8 us
}

TEST(JedecDram, ADemandOvertakesAPrefetch) {
  Bench bench(plain_machine());
  const Transfer& prefetch = bench.fill(0, 0, 64'000, Transfer::Urgency::prefetch);
  const Transfer& demand = bench.fill(50, 500'000, 640);
  bench.run();
  EXPECT_LT(demand.completed, Cycle(400));
  EXPECT_GT(prefetch.completed, Cycle(3'300));
  ASSERT_EQ(bench.done().size(), 2U);
  EXPECT_EQ(bench.done()[0], &demand);
}

TEST(JedecDram, OverheadDelaysEachTransfer) {
  Architecture machine = plain_machine();
  machine.memories[0].transfer_overhead_cycles = 50;
  Bench bench(machine);
  const Transfer& fill = bench.fill(0, 0, 64);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(82));
  EXPECT_EQ(delay(fill, MemoryDelay::issue), Cycle(50));
}

TEST(JedecDram, LatencyAndBandwidthOfTheLevelDoNotApply) {
  Architecture machine = plain_machine();
  machine.memories[0].latency_cycles = 1'000;
  machine.memories[0].bandwidth.shared = hertz;
  Bench bench(machine);
  const Transfer& fill = bench.fill(0, 0, 64);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(32));
}

TEST(JedecDram, ASlowBufferHoldsUpBothDirections) {
  Architecture machine = plain_machine();
  machine.memories[1].bandwidth.read = 8 * hertz;
  machine.memories[1].bandwidth.write = 8 * hertz;
  Bench bench(machine);
  const Transfer& fill = bench.fill(0, 0, 6'400);
  const Transfer& drain = bench.drain(20'000, 100'000, 6'400);
  bench.run();
  EXPECT_GE(fill.completed, Cycle(6'400));
  EXPECT_LE(fill.left_memory, Cycle(500));
  EXPECT_GE(drain.completed, Cycle(26'400));
  EXPECT_LE(drain.completed, Cycle(26'500));
}

TEST(JedecDram, ChannelsAddUp) {
  Architecture machine = plain_machine();
  machine.dram.part = "hbm2-2000";
  machine.dram.mapping = "row:bank:column:bankgroup:channel";
  machine.dram.channels = 16;
  Bench bench(machine);
  const Transfer& fill = bench.fill(0, 0, 1 << 18);
  const Transfer& drain = bench.drain(5'000, 1 << 19, 1 << 18);
  bench.run();
  EXPECT_LE(fill.completed, Cycle(1024 + 150));  // 256 B a cycle
  EXPECT_LE(drain.completed, Cycle(5'000 + 1024 + 150));
}

TEST(JedecDram, PartsThatDoNotFitAreRefused) {
  Architecture machine = plain_machine();
  machine.dram.mapping = "row:colunm";
  EXPECT_THROW(make_dram_memory(machine), InputError);
  machine = plain_machine();
  machine.dram.controller.refresh = DramRefresh::per_bank;
  EXPECT_THROW(make_dram_memory(machine), InputError);
}

RC_GTEST_PROP(JedecDram, EveryTransferEndsAndItsHistoryIsGapless, ()) {
  const auto number = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high));
  };
  Architecture machine = plain_machine();
  machine.dram.controller.refresh = number(0, 2) == 0 ? DramRefresh::off : DramRefresh::all_banks;
  machine.dram.controller.scheduler = number(0, 2) == 0 ? DramScheduler::fcfs : DramScheduler::frfcfs;
  machine.dram.controller.queue_depth = number(1, 33);
  machine.clock_hz = number(0, 2) == 0 ? 700'000'000 : 2'000'000'000;
  machine.memories[0].transfer_overhead_cycles = number(0, 3) * 7;
  if (number(0, 2) == 0) machine.memories[1].bandwidth.shared = 64 * hertz;
  Bench bench(machine);
  std::int64_t bursts = 0;
  for (std::int64_t transfers = number(1, 20); transfers > 0; --transfers) {
    const std::int64_t first = number(0, 1 << 16);
    const std::int64_t words = number(1, 5'000);
    bursts += (first + words + 63) / 64 - first / 64;
    if (number(0, 2) == 0) {
      bench.fill(number(0, 20'000), first, words,
                 number(0, 2) == 0 ? Transfer::Urgency::prefetch : Transfer::Urgency::demand_fill);
    } else {
      bench.drain(number(0, 20'000), first, words);
    }
  }
  bench.run();
  RC_ASSERT(bench.done().size() == bench.transfers().size());
  const DramCounters counters = bench.counters();
  RC_ASSERT(counters.read_bursts + counters.write_bursts == bursts);
  RC_ASSERT(counters.jedec->row_hits + counters.jedec->row_misses + counters.jedec->row_conflicts +
                counters.jedec->forwarded_reads ==
            bursts);
  for (const Transfer& transfer : bench.transfers()) {
    RC_ASSERT(transfer.source_moved == transfer.source_bits);
    RC_ASSERT(transfer.destination_moved == transfer.destination_bits);
    RC_ASSERT(transfer.issued <= transfer.left_memory);
    RC_ASSERT(transfer.left_memory <= transfer.completed);
    Cycle sum;
    for (std::size_t d = 0; d < memory_delays; ++d) sum += delay(transfer, static_cast<MemoryDelay>(d));
    RC_ASSERT(sum == transfer.left_memory - transfer.issued);
  }
}

}  // namespace
}  // namespace loopsim
