#include <algorithm>
#include <gtest/gtest.h>
#include <list>
#include <rapidcheck/gtest.h>

#include "base/CheckedMath.hpp"
#include "sim/dram/FixedDram.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t hertz = 1'000'000'000;

/// DRAM of 64 bits a cycle and a global buffer without limits; nothing costs anything else.
Architecture plain_machine() {
  Architecture machine = ideal_architecture(3);
  machine.clock_hz = hertz;
  machine.memories[0].bandwidth.shared = 64 * hertz;
  machine.dram.burst_bits = 512;
  return machine;
}

/// Runs a DRAM by itself: transfers handed in at given cycles, until all are complete.
class Bench {
 public:
  explicit Bench(const Architecture& machine)
      : machine_(machine),
        clock_(machine.clock_hz),
        core_(clock_),
        ports_(make_ports(machine_, core_)),
        dram_(machine_, ports_, core_, clock_) {}

  Transfer& add(std::int64_t cycle, Move::Kind kind, std::int64_t dram_bits, std::int64_t buffer_bits,
                Transfer::Urgency urgency = Transfer::Urgency::demand_fill) {
    Transfer& transfer = transfers_.emplace_back();
    transfer.number = static_cast<std::int64_t>(transfers_.size());
    transfer.move.kind = kind;
    transfer.urgency = urgency;
    transfer.issued = Cycle(cycle);
    const bool fill = kind == Move::Kind::fill;
    transfer.source = LevelId(fill ? 0 : 1);
    transfer.destination = LevelId(fill ? 1 : 0);
    transfer.source_bits = fill ? dram_bits : buffer_bits;
    transfer.destination_bits = fill ? buffer_bits : dram_bits;
    return transfer;
  }
  Transfer& fill(std::int64_t cycle, std::int64_t bits, Transfer::Urgency urgency = Transfer::Urgency::demand_fill) {
    return add(cycle, Move::Kind::fill, bits, bits, urgency);
  }
  Transfer& drain(std::int64_t cycle, std::int64_t bits, Transfer::Urgency urgency = Transfer::Urgency::drain) {
    return add(cycle, Move::Kind::drain, bits, bits, urgency);
  }

  void run(int most_events = 100'000) {
    std::vector<Transfer*> waiting;
    for (Transfer& transfer : transfers_) waiting.push_back(&transfer);
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const Transfer* a, const Transfer* b) { return a->issued < b->issued; });
    std::size_t next = 0;
    Picoseconds now;
    for (int events = 0; events < most_events; ++events) {
      while (next < waiting.size() && clock_.at(waiting[next]->issued) <= now) dram_.submit(*waiting[next++], now);
      dram_.advance(now, done_);
      std::optional<Picoseconds> then = dram_.next_event();
      if (next < waiting.size())
        then = std::min(then.value_or(clock_.at(waiting[next]->issued)), clock_.at(waiting[next]->issued));
      if (!then) return;
      now = std::max(now, *then);
    }
    ADD_FAILURE() << "no end";
  }

  /// Transfers within the buffer last until then.
  void copy_until(std::int64_t cycle) { core_.hold(ports_.levels[1].copy, clock_.at(Cycle(cycle))); }

  const std::vector<Transfer*>& done() const { return done_; }
  const DramCounters& counters() const { return dram_.counters(); }
  Picoseconds busy(std::size_t level) const { return core_.busy(*ports_.levels[level].read); }

 private:
  Architecture machine_;
  Clock clock_;
  PortCore core_;
  MemoryPorts ports_;
  FixedDram dram_;
  std::list<Transfer> transfers_;
  std::vector<Transfer*> done_;
};

TEST(FixedDram, AFillAfterCopiesAndThoseBehindItWaitForThem) {
  Bench bench(plain_machine());
  Transfer& first = bench.fill(0, 64 * 20);
  const Transfer& second = bench.fill(0, 64 * 20);
  first.after_copies = true;
  bench.copy_until(1000);
  bench.run();
  EXPECT_EQ(first.completed, Cycle(1020));
  EXPECT_EQ(second.completed, Cycle(1040));
}

TEST(FixedDram, AFillTakesItsBitsOverTheBandwidth) {
  Bench bench(plain_machine());
  const Transfer& fill = bench.fill(3, 64 * 20);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(23));
  EXPECT_EQ(fill.left_memory, Cycle(23));
  EXPECT_EQ(bench.counters().read_bytes, 160);
  ASSERT_EQ(bench.counters().series.intervals().size(), 1U);
  EXPECT_EQ(bench.counters().series.intervals()[0].read_bytes, 160);
  EXPECT_EQ(bench.counters().read_bursts, 3);  // 1280 bits in bursts of 512
  EXPECT_EQ(bench.counters().write_bursts, 0);
}

TEST(FixedDram, AFractionOfACycleCountsAsAWholeOne) {
  Bench bench(plain_machine());
  const Transfer& fill = bench.fill(0, 65);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(2));
  EXPECT_EQ(bench.counters().read_bytes, 9);
}

TEST(FixedDram, BytesOfATransferSumToItsWholeWhateverTheBurst) {
  for (const std::int64_t burst : {1, 12, 512}) {
    Architecture machine = plain_machine();
    machine.dram.burst_bits = burst;
    Bench bench(machine);
    bench.fill(0, 1203);
    bench.drain(0, 1203);
    bench.run();
    EXPECT_EQ(bench.counters().read_bytes, 151) << burst;
    EXPECT_EQ(bench.counters().write_bytes, 151) << burst;
    EXPECT_EQ(bench.counters().read_bursts, (1203 + burst - 1) / burst);
    EXPECT_EQ(bench.counters().write_bursts, (1203 + burst - 1) / burst);
  }
}

TEST(FixedDram, ALargeTransferTakesItsTimeAndNotAsManyEvents) {
  // 2^40 bits in bursts of a byte: 2^37 of them, in 2^34 cycles.
  Architecture machine = plain_machine();
  machine.dram.burst_bits = 8;
  Bench bench(machine);
  const std::int64_t bits = std::int64_t(1) << 40;
  const Transfer& fill = bench.add(0, Move::Kind::fill, bits, bits / 2);
  bench.run(4'000'000);
  EXPECT_EQ(fill.completed, Cycle(bits / 64));
  EXPECT_EQ(fill.destination_moved, bits / 2);
  EXPECT_EQ(bench.counters().read_bursts, bits / 8);
  EXPECT_EQ(bench.counters().read_bytes, bits / 8);
}

TEST(FixedDram, TimeBeyond64BitsIsALimit) {
  Architecture machine = plain_machine();
  machine.clock_hz = 1;
  machine.memories[0].transfer_overhead_cycles = 9'000'000;  // by itself it fits
  Bench bench(machine);
  bench.fill(0, 64);
  bench.fill(0, 64);
  EXPECT_THROW(bench.run(), OverflowError);
  machine.memories[0].transfer_overhead_cycles = 0;
  machine.memories[0].bandwidth.shared = 1;
  Bench slow(machine);
  slow.fill(0, 9'000'000);
  EXPECT_NO_THROW(slow.run());
  Bench slower(machine);
  slower.fill(0, 9'223'373 * 512LL);
  EXPECT_THROW(slower.run(), OverflowError);
}

TEST(FixedDram, LatencyIsAddedOnceAndOverlapsWithOtherTransfers) {
  Architecture machine = plain_machine();
  machine.memories[0].latency_cycles = 30;
  Bench bench(machine);
  const Transfer& first = bench.fill(0, 64 * 10);
  const Transfer& second = bench.fill(0, 64 * 10);
  bench.run();
  EXPECT_EQ(first.completed, Cycle(40));
  EXPECT_EQ(second.completed, Cycle(50));
}

TEST(FixedDram, OverheadOccupiesTheChannelOnceATransfer) {
  Architecture machine = plain_machine();
  machine.memories[0].transfer_overhead_cycles = 5;
  Bench bench(machine);
  const Transfer& first = bench.fill(0, 64 * 16);
  const Transfer& second = bench.drain(0, 64 * 16);
  bench.run();
  EXPECT_EQ(first.completed, Cycle(21));
  EXPECT_EQ(second.completed, Cycle(42));
}

TEST(FixedDram, UnlimitedBandwidthLeavesTheLatency) {
  Architecture machine = plain_machine();
  machine.memories[0].bandwidth = {};
  machine.memories[0].latency_cycles = 7;
  Bench bench(machine);
  const Transfer& fill = bench.fill(2, 1'000'000);
  const Transfer& drain = bench.drain(2, 1'000'000);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(9));
  EXPECT_EQ(drain.completed, Cycle(2));
}

TEST(FixedDram, ADemandOvertakesAPrefetchAtTheNextBurst) {
  Bench bench(plain_machine());
  const Transfer& prefetch = bench.fill(0, 512 * 4, Transfer::Urgency::prefetch);  // 8 cycles a burst
  const Transfer& demand = bench.fill(9, 512, Transfer::Urgency::demand_fill);
  bench.run();
  EXPECT_EQ(demand.completed, Cycle(24));
  EXPECT_EQ(prefetch.completed, Cycle(40));
}

TEST(FixedDram, AmongEqualsTheOldestGoesFirst) {
  Bench bench(plain_machine());
  const Transfer& first = bench.fill(0, 512 * 2);
  const Transfer& second = bench.fill(0, 512);
  bench.run();
  EXPECT_EQ(first.completed, Cycle(16));
  EXPECT_EQ(second.completed, Cycle(24));
}

TEST(FixedDram, WriteBackComesLastUnlessItsSpaceIsAwaited) {
  const auto order = [](Transfer::Urgency urgency) {
    Bench bench(plain_machine());
    bench.fill(0, 512);
    const Transfer& drain = bench.drain(1, 512, urgency);
    const Transfer& prefetch = bench.fill(1, 512, Transfer::Urgency::prefetch);
    bench.run();
    return drain.completed < prefetch.completed;
  };
  EXPECT_FALSE(order(Transfer::Urgency::drain));
  EXPECT_TRUE(order(Transfer::Urgency::awaited_drain));
}

TEST(FixedDram, ReadsAndWritesShareTheChannelUnlessTheyHaveTheirOwn) {
  Architecture machine = plain_machine();
  for (const bool separate : {false, true}) {
    machine.dram.separate_channels = separate;
    Bench bench(machine);
    const Transfer& fill = bench.fill(0, 64 * 8);
    const Transfer& drain = bench.drain(0, 64 * 8);
    bench.run();
    EXPECT_EQ(fill.completed, Cycle(8));
    EXPECT_EQ(drain.completed, Cycle(separate ? 8 : 16));
  }
}

TEST(FixedDram, ANarrowBufferPortHoldsTheFillUp) {
  Architecture machine = plain_machine();
  machine.memories[1].bandwidth.write = 16 * hertz;
  machine.memories[1].bandwidth.read = 16 * hertz;
  Bench bench(machine);
  const Transfer& fill = bench.fill(0, 512);
  bench.run();
  EXPECT_EQ(fill.left_memory, Cycle(8));
  EXPECT_EQ(fill.completed, Cycle(8 + 32));
}

TEST(FixedDram, ADrainIsReadOutOfTheBufferBeforeItIsWritten) {
  Architecture machine = plain_machine();
  machine.memories[1].bandwidth.write = 16 * hertz;
  machine.memories[1].bandwidth.read = 16 * hertz;
  Bench bench(machine);
  const Transfer& drain = bench.drain(0, 512);
  bench.run();
  EXPECT_EQ(drain.completed, Cycle(32 + 8));
}

TEST(FixedDram, WordsOfOtherWidthsAreScaledBurstByBurst) {
  Bench bench(plain_machine());
  Transfer& fill = bench.add(0, Move::Kind::fill, 512 * 3, 100);
  bench.run();
  EXPECT_EQ(fill.completed, Cycle(24));
  EXPECT_EQ(fill.source_moved, 512 * 3);
  EXPECT_EQ(fill.destination_moved, 100);
}

RC_GTEST_PROP(FixedDramProperty, EverythingArrivesOnceAndNotTooSoon, ()) {
  const auto any = [](std::int64_t low, std::int64_t high) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
  };
  Architecture machine = plain_machine();
  const std::int64_t width = any(1, 64);
  machine.memories[0].bandwidth.shared = width * hertz;
  machine.memories[0].latency_cycles = any(0, 20);
  machine.memories[0].transfer_overhead_cycles = any(0, 3);
  machine.dram.burst_bits = any(8, 600);
  machine.dram.separate_channels = any(0, 1) == 1;
  if (any(0, 1) == 1) machine.memories[1].bandwidth.shared = any(1, 64) * hertz;
  Bench bench(machine);
  std::vector<const Transfer*> all;
  std::int64_t read = 0;
  std::int64_t written = 0;
  for (std::int64_t n = any(1, 10); n > 0; --n) {
    const auto urgency = static_cast<Transfer::Urgency>(any(0, 3));
    const auto kind = any(0, 2) > 0 ? Move::Kind::fill : Move::Kind::drain;
    const std::int64_t bits = any(1, 2000);
    (kind == Move::Kind::fill ? read : written) += bits;
    all.push_back(&bench.add(any(0, 100), kind, bits, any(1, 2000), urgency));
  }
  bench.run();
  RC_ASSERT(bench.done().size() == all.size());
  Cycle last;
  for (const Transfer* transfer : all) {
    RC_ASSERT(std::count(bench.done().begin(), bench.done().end(), transfer) == 1);
    RC_ASSERT(transfer->source_moved == transfer->source_bits);
    RC_ASSERT(transfer->destination_moved == transfer->destination_bits);
    RC_ASSERT(transfer->issued <= transfer->left_memory);
    RC_ASSERT(transfer->left_memory <= transfer->completed);
    const bool fill = transfer->move.kind == Move::Kind::fill;
    const std::int64_t bits = fill ? transfer->source_bits : transfer->destination_bits;
    const std::int64_t least = (bits + width - 1) / width + machine.memories[0].transfer_overhead_cycles +
                               (fill ? machine.memories[0].latency_cycles : 0);
    RC_ASSERT(transfer->completed >= transfer->issued + Cycle(least));
    last = std::max(last, transfer->completed);
  }
  // Bursts are cut from each transfer, so only their last ones round up to bytes.
  RC_ASSERT(bench.counters().read_bytes >= read / 8);
  RC_ASSERT(bench.counters().write_bytes >= written / 8);
  RC_ASSERT(Clock(hertz).at(last) >= bench.busy(0));
}

}  // namespace
}  // namespace loopsim
