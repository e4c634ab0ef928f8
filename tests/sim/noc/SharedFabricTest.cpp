#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/noc/SharedFabric.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

using Kind = SharedFabric::Kind;

SharedFabricSettings settings_of(std::int64_t terminals, std::int64_t width) {
  SharedFabricSettings settings;
  settings.terminals = terminals;
  settings.width = width;
  return settings;
}

TEST(SharedFabric, ABusTakesOnePacketAfterTheOtherOldestFirst) {
  SharedFabric bus(Kind::bus, settings_of(4, 2));
  bus.inject(copy_to(0, terminals({1}), 8, 1), Cycle(0));
  bus.inject(copy_to(3, terminals({2}), 8, 3), Cycle(2));
  bus.inject(copy_to(2, terminals({0, 1, 3}), 4, 2), Cycle(1));
  const NocArrivals arrivals = run_out(bus);
  ASSERT_EQ(arrivals.deliveries.size(), 5u);
  EXPECT_EQ(arrivals.deliveries[0].arrived, Cycle(1 + 4));  // arbitration, four cycles of two flits, the wire's within
  EXPECT_EQ(arrivals.deliveries[1].arrived, Cycle(7));      // the multicast once for all
  EXPECT_EQ(arrivals.deliveries[3].arrived, Cycle(7));
  EXPECT_EQ(arrivals.deliveries[4].arrived, Cycle(11));
  EXPECT_EQ(arrivals.deliveries[4].breakdown.arbitration, Cycle(4));
  EXPECT_EQ(bus.links()[0].flits, 20);
  EXPECT_EQ(bus.counters().flit_hops, 20);
}

TEST(SharedFabric, ACrossbarCarriesPacketsOfDifferentEndsAtOnce) {
  SharedFabric crossbar(Kind::crossbar, settings_of(4, 1));
  crossbar.inject(copy_to(0, terminals({1}), 8, 1), Cycle(0));
  crossbar.inject(copy_to(2, terminals({3}), 8, 2), Cycle(0));
  crossbar.inject(copy_to(3, terminals({1}), 8, 3), Cycle(0));  // the same output as the first
  const NocArrivals arrivals = run_out(crossbar);
  ASSERT_EQ(arrivals.deliveries.size(), 3u);
  EXPECT_EQ(arrivals.deliveries[0].arrived, Cycle(9));
  EXPECT_EQ(arrivals.deliveries[1].arrived, Cycle(9));
  EXPECT_EQ(arrivals.deliveries[2].arrived, Cycle(17));
  EXPECT_EQ(crossbar.link_name(arrivals.deliveries[2].lost_on), "terminal 1 out");
}

TEST(SharedFabric, SharesOfASumComeOneAfterTheOther) {
  SharedFabric bus(Kind::bus, settings_of(4, 1));
  bus.inject(sum_of(terminals({1, 2, 3}), 0, 4, 1), Cycle(0));
  const NocArrivals arrivals = run_out(bus);
  ASSERT_EQ(arrivals.deliveries.size(), 1u);
  EXPECT_EQ(arrivals.deliveries[0].arrived, Cycle(1 + 12));
}

/// A train is the same as its packets one by one, whatever else is on the way and however time is cut.
RC_GTEST_PROP(SharedFabricTrain, IsTheSameAsItsPackets, ()) {
  const auto kind = *rc::gen::element(Kind::bus, Kind::crossbar);
  const auto settings = settings_of(4, *rc::gen::inRange(1, 4));
  SharedFabric whole(kind, settings), apart(kind, settings);
  const int trains = *rc::gen::inRange(1, 5);
  std::vector<std::pair<Cycle, std::int64_t>> expected(static_cast<std::size_t>(trains), {Cycle(0), 0});
  std::vector<std::int64_t> counts, periods, starts;
  for (int i = 0; i < trains; ++i) {
    const auto root = *rc::gen::inRange<std::uint32_t>(0, 4);
    auto leaves = *rc::gen::element(terminals({0}), terminals({1, 2}), terminals({0, 1, 3}));
    const Packet packet{*rc::gen::element(PacketKind::copy, PacketKind::sum), TerminalId(root), leaves,
                        *rc::gen::inRange(1, 9), PacketTag(i)};
    counts.push_back(*rc::gen::inRange(1, 30));
    periods.push_back(*rc::gen::inRange(1, 12));
    starts.push_back(*rc::gen::inRange(0, 50));
    whole.inject_train(packet, Cycle(starts.back()), counts.back(), Cycle(periods.back()));
    for (std::int64_t p = 0; p < counts.back(); ++p) apart.inject(packet, Cycle(starts.back() + p * periods.back()));
  }
  NocArrivals together, each = run_out(apart);
  for (Cycle at; whole.next_event(); at += Cycle(3)) whole.advance(at, together);
  RC_ASSERT(together.trains.size() == static_cast<std::size_t>(trains));
  for (const TrainCompletion& train : together.trains) {
    Cycle last;
    Breakdown parts;
    std::int64_t deliveries = 0;
    for (const Delivery& delivery : each.deliveries) {
      if (delivery.tag != train.tag) continue;
      last = std::max(last, delivery.arrived);
      parts += delivery.breakdown;
      RC_ASSERT(delivery.breakdown.total() == delivery.arrived - delivery.created);
      ++deliveries;
    }
    RC_ASSERT(train.last == last);
    RC_ASSERT(train.deliveries == deliveries);
    RC_ASSERT(train.breakdown == parts);
  }
  RC_ASSERT(whole.counters().latency == apart.counters().latency);
  RC_ASSERT(whole.counters().flits == apart.counters().flits);
  for (std::size_t link = 0; link < whole.links().size(); ++link) {
    RC_ASSERT(whole.links()[link].flits == apart.links()[link].flits);
    RC_ASSERT(whole.links()[link].arbitration == apart.links()[link].arbitration);
  }
}

TEST(SharedFabric, AMillionPacketsOfATrainCostNoMoreThanTen) {
  SharedFabric bus(Kind::bus, settings_of(4, 1));
  bus.inject_train(copy_to(0, terminals({1}), 3, 1), Cycle(0), 1'000'000'000, Cycle(2));
  const NocArrivals arrivals = run_out(bus);
  ASSERT_EQ(arrivals.trains.size(), 1u);
  EXPECT_EQ(arrivals.trains[0].last, Cycle(1 + 3'000'000'000));
  EXPECT_EQ(arrivals.trains[0].latest_start, Cycle(4 + 999'999'999));
}

}  // namespace
}  // namespace loopsim
