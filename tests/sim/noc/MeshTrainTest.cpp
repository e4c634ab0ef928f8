// A train is the same as its packets one by one: skipped periods against flits.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/noc/Mesh.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

struct TrainCase {
  Packet packet;
  Cycle ready;
  std::int64_t count = 1;
  Cycle period{1};
  std::int64_t each = 1;  ///< packets a period

  Cycle offset(std::int64_t index) const { return Cycle(index * period.value / each); }
};

void expect_same(const MeshSettings& settings, const std::vector<TrainCase>& trains, Cycle cut) {
  Mesh whole(settings), apart(settings);
  for (const TrainCase& train : trains) {
    whole.inject_train(train.packet, train.ready, train.count, train.period, train.each);
    for (std::int64_t i = 0; i < train.count; ++i) apart.inject(train.packet, train.ready + train.offset(i));
  }
  const NocArrivals each = run_out(apart);
  NocArrivals together;
  Cycle at;
  while (const auto next = whole.next_event()) {
    at = cut == Cycle(0) ? std::max(at, *next) : at + cut;
    whole.advance(at, together);
  }
  RC_ASSERT(together.trains.size() == trains.size());
  RC_ASSERT(together.deliveries.empty());
  for (const TrainCompletion& completion : together.trains) {
    const TrainCase& train = trains[static_cast<std::size_t>(completion.tag.value)];
    Cycle last, first, start;
    Breakdown parts;
    std::int64_t deliveries = 0;
    for (const Delivery& delivery : each.deliveries) {
      if (delivery.tag != completion.tag) continue;
      const Cycle offset = delivery.created - train.ready;
      last = std::max(last, delivery.arrived);
      if (offset == Cycle(0)) first = std::max(first, delivery.arrived);
      start = deliveries == 0 ? delivery.arrived - offset : std::max(start, delivery.arrived - offset);
      parts += delivery.breakdown;
      ++deliveries;
    }
    if (train.each <= train.period.value) RC_ASSERT(completion.first == first);
    RC_ASSERT(completion.last == last);
    RC_ASSERT(completion.latest_start == start);
    RC_ASSERT(completion.deliveries == deliveries);
    RC_ASSERT(completion.breakdown == parts);
  }
  const NetworkCounters &a = whole.counters(), &b = apart.counters();
  RC_ASSERT(a.packets == b.packets);
  RC_ASSERT(a.flits == b.flits);
  RC_ASSERT(a.deliveries == b.deliveries);
  RC_ASSERT(a.flits_ejected == b.flits_ejected);
  RC_ASSERT(a.flit_hops == b.flit_hops);
  RC_ASSERT(a.router_visits == b.router_visits);
  RC_ASSERT(a.latency == b.latency);
  RC_ASSERT(a.max_latency == b.max_latency);
  const auto links = whole.links(), links_apart = apart.links();
  RC_ASSERT(links.size() == links_apart.size());
  for (std::size_t link = 0; link < links.size(); ++link) {
    RC_ASSERT(links[link].first == links_apart[link].first);
    const LinkCounters &p = links[link].second, &q = links_apart[link].second;
    RC_ASSERT(p.flits == q.flits);
    RC_ASSERT(p.arbitration == q.arbitration);
    RC_ASSERT(p.credit == q.credit);
    RC_ASSERT(p.vc == q.vc);
  }
}

RC_GTEST_PROP(MeshTrain, OneIsTheSameAsItsPackets, ()) {
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  MeshSettings settings =
      network_of(topology, *rc::gen::inRange(1, 5), *rc::gen::inRange(1, 5), *rc::gen::element(1, 2, 3));
  settings.buffer = *rc::gen::inRange(2, 9);
  const auto nodes = static_cast<std::uint32_t>(settings.width * settings.height);
  const auto leaves = first_terminals(*rc::gen::inRange<std::int64_t>(1, nodes + 1));
  const Packet packet{*rc::gen::element(PacketKind::copy, PacketKind::sum),
                      TerminalId(*rc::gen::inRange<std::size_t>(0, nodes)), leaves,
                      *rc::gen::inRange<std::int64_t>(1, 6), PacketTag(0)};
  const TrainCase train{packet, Cycle(*rc::gen::inRange(0, 20)), *rc::gen::inRange(1, 500),
                        Cycle(*rc::gen::inRange(1, 12)), *rc::gen::element(1, 1, 1, 2, 3, 5, 8)};
  expect_same(settings, {train}, Cycle(*rc::gen::element(0, 0, 50, 7)));
}

RC_GTEST_PROP(MeshTrain, SeveralThatMeetAreTheSameAsTheirPackets, ()) {
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  MeshSettings settings =
      network_of(topology, *rc::gen::inRange(1, 5), *rc::gen::inRange(1, 5), *rc::gen::element(1, 2, 3));
  const auto nodes = static_cast<std::uint32_t>(settings.width * settings.height);
  settings.ports = {RouterId(0), RouterId(nodes - 1)};
  std::vector<TrainCase> trains;
  const int count = *rc::gen::inRange(2, 6);
  for (int i = 0; i < count; ++i) {
    const auto leaves = first_terminals(*rc::gen::inRange<std::int64_t>(1, nodes + 3));
    const Packet packet{PacketKind::copy, TerminalId(*rc::gen::inRange<std::size_t>(0, nodes + 2)), leaves,
                        *rc::gen::inRange<std::int64_t>(1, 6), PacketTag(i)};
    trains.push_back({packet, Cycle(*rc::gen::inRange(0, 50)), *rc::gen::inRange(1, 300),
                      Cycle(*rc::gen::element(1, 2, 3, 4, 6, 12, 24)), *rc::gen::element(1, 1, 2, 3)});
  }
  expect_same(settings, trains, Cycle(*rc::gen::element(0, 0, 100)));
}

TEST(MeshTrain, ABillionPacketsTakeAsLongAsAThousand) {
  for (const std::int64_t vcs : {1, 2, 4}) {
    for (const std::int64_t period : {1, 2, 3, 10}) {
      Mesh mesh(mesh_of(16, 16, vcs));
      const std::int64_t packets = 1'000'000'000;
      std::vector<TerminalId> row;
      for (std::uint32_t x = 0; x < 16; ++x) row.emplace_back(32 + x);
      mesh.inject_train(copy_to(32, row, 1, 4), Cycle(100), packets, Cycle(period));
      const NocArrivals arrivals = run_out(mesh);
      ASSERT_EQ(arrivals.trains.size(), 1u);
      const std::int64_t step = std::max<std::int64_t>(period, vcs == 1 ? 2 : 1);
      EXPECT_EQ(arrivals.trains[0].last.value, 100 + (packets - 1) * step + 4 * 16 + 2);
      EXPECT_EQ(arrivals.trains[0].deliveries, packets * 16);
      EXPECT_EQ(mesh.counters().flit_hops, packets * 31);
    }
  }
}

}  // namespace
}  // namespace loopsim
