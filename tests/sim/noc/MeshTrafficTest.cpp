// What must hold for any traffic.

#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <random>
#include <rapidcheck/gtest.h>

#include "sim/noc/Mesh.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

struct Timed {
  Packet packet;
  Cycle ready;
};

struct RandomTraffic {
  MeshSettings mesh;
  std::vector<Timed> packets;
};

std::vector<TerminalId> some_terminals(std::uint32_t count) {
  auto all = first_terminals(count);
  const auto size = *rc::gen::inRange<std::size_t>(1, count + 1);
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  std::shuffle(all.begin(), all.end(), random);
  all.resize(size);
  return all;
}

RandomTraffic random_traffic(bool with_trees) {
  RandomTraffic traffic;
  MeshSettings& mesh = traffic.mesh;
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  mesh = network_of(topology, *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::element(1, 2, 3, 8));
  mesh.buffer = *rc::gen::inRange(1, 10);
  mesh.delays.routing = Cycle(*rc::gen::inRange(0, 3));
  mesh.delays.vc_allocation = Cycle(*rc::gen::inRange(1, 3));
  mesh.delays.switch_allocation = Cycle(*rc::gen::inRange(1, 3));
  mesh.delays.switch_traversal = Cycle(*rc::gen::inRange(0, 3));
  mesh.delays.link = Cycle(*rc::gen::inRange(0, 4));
  mesh.delays.credit = Cycle(*rc::gen::inRange(0, 3));
  const auto routers = static_cast<std::uint32_t>(mesh.width * mesh.height);
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) mesh.ports.emplace_back(*rc::gen::inRange<std::size_t>(0, routers));
  const auto ends = routers + static_cast<std::uint32_t>(mesh.ports.size());
  const int count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    const auto root = *rc::gen::inRange<std::uint32_t>(0, ends);
    const Cycle ready(*rc::gen::inRange(0, 100));
    if (with_trees && *rc::gen::inRange(0, 2) == 0) {
      // Trees are free of deadlock while their packets fit a buffer.
      const auto flits = *rc::gen::inRange<std::int64_t>(1, mesh.buffer + 1);
      traffic.packets.push_back({copy_to(root, some_terminals(ends), flits, i), ready});
    } else {
      const auto to = *rc::gen::inRange<std::uint32_t>(0, ends);
      traffic.packets.push_back({copy_to(root, terminals({to}), *rc::gen::inRange(1, 12), i), ready});
    }
  }
  return traffic;
}

void check_all(const RandomTraffic& traffic, const Mesh& mesh, const NocArrivals& arrivals) {
  std::map<std::pair<std::int64_t, std::uint32_t>, const Delivery*> by_end;
  for (const Delivery& delivery : arrivals.deliveries) {
    RC_ASSERT(by_end.emplace(std::pair(delivery.tag.value, delivery.destination.value), &delivery).second);
  }
  const RouterDelays& delays = traffic.mesh.delays;
  std::int64_t flits = 0, ejected = 0, deliveries = 0;
  for (const Timed& timed : traffic.packets) {
    flits += timed.packet.flits;
    for (const TerminalId leaf : timed.packet.leaves) {
      const auto found = by_end.find({timed.packet.tag.value, leaf.value});
      RC_ASSERT(found != by_end.end());
      const Delivery& delivery = *found->second;
      const Breakdown& parts = delivery.breakdown;
      const Cycle latency = delivery.arrived - delivery.created;
      RC_ASSERT(delivery.created == timed.ready);
      RC_ASSERT(parts.total() == latency);
      for (const Cycle part :
           {parts.queue, parts.pipeline, parts.serialization, parts.vc, parts.arbitration, parts.credit}) {
        RC_ASSERT(part >= Cycle(0));
      }
      const std::int64_t routers = mesh.map().routers_between(timed.packet.root, leaf);
      RC_ASSERT(delivery.routers == routers);
      RC_ASSERT(latency >= delays.injection() + delays.hop() * routers + Cycle(timed.packet.flits - 1));
      ejected += timed.packet.flits;
      ++deliveries;
    }
  }
  RC_ASSERT(mesh.counters().flits == flits);
  RC_ASSERT(mesh.counters().flits_ejected == ejected);
  RC_ASSERT(mesh.counters().deliveries == deliveries);
  RC_ASSERT(static_cast<std::int64_t>(arrivals.deliveries.size()) == deliveries);
  RC_ASSERT(mesh.packets_outstanding() == 0);
  std::int64_t over_links = 0;
  for (const auto& [link, counters] : mesh.links()) over_links += counters.flits;
  RC_ASSERT(over_links == mesh.counters().flit_hops + flits);
}

bool same(const NocArrivals& a, const NocArrivals& b) {
  if (a.deliveries.size() != b.deliveries.size()) return false;
  for (std::size_t i = 0; i < a.deliveries.size(); ++i) {
    const Delivery &p = a.deliveries[i], &q = b.deliveries[i];
    if (p.tag != q.tag || p.arrived != q.arrived || p.destination != q.destination || !(p.breakdown == q.breakdown)) {
      return false;
    }
  }
  return true;
}

RC_GTEST_PROP(MeshTraffic, UnicastsArriveAndEveryCycleHasACause, ()) {
  const RandomTraffic traffic = random_traffic(false);
  Mesh mesh(traffic.mesh);
  for (const Timed& timed : traffic.packets) mesh.inject(timed.packet, timed.ready);
  check_all(traffic, mesh, run_out(mesh));
}

RC_GTEST_PROP(MeshTraffic, MulticastsThatFitABufferAlwaysArrive, ()) {
  const RandomTraffic traffic = random_traffic(true);
  Mesh mesh(traffic.mesh);
  for (const Timed& timed : traffic.packets) mesh.inject(timed.packet, timed.ready);
  check_all(traffic, mesh, run_out(mesh));
}

RC_GTEST_PROP(MeshTraffic, TheOrderOfCallsDoesNotMatter, ()) {
  const RandomTraffic traffic = random_traffic(true);
  Mesh all_at_once(traffic.mesh), as_time_goes(traffic.mesh);
  for (const Timed& timed : traffic.packets) all_at_once.inject(timed.packet, timed.ready);
  const NocArrivals expected = run_out(all_at_once);

  std::vector<Timed> shuffled = traffic.packets;
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  std::stable_sort(shuffled.begin(), shuffled.end(), [](const Timed& a, const Timed& b) { return a.ready < b.ready; });
  NocArrivals arrivals;
  for (const Timed& timed : shuffled) {
    as_time_goes.advance(timed.ready, arrivals);
    as_time_goes.inject(timed.packet, timed.ready);
  }
  NocArrivals rest = run_out(as_time_goes);
  rest.deliveries.insert(rest.deliveries.end(), arrivals.deliveries.begin(), arrivals.deliveries.end());
  std::sort(rest.deliveries.begin(), rest.deliveries.end(), [](const Delivery& a, const Delivery& b) {
    return std::tuple(a.arrived, a.tag, a.destination) < std::tuple(b.arrived, b.tag, b.destination);
  });
  RC_ASSERT(same(expected, rest));
}

RC_GTEST_PROP(MeshTraffic, NothingArrivesBeforeTheNextEvent, ()) {
  const RandomTraffic traffic = random_traffic(true);
  Mesh mesh(traffic.mesh);
  for (const Timed& timed : traffic.packets) mesh.inject(timed.packet, timed.ready);
  NocArrivals arrivals;
  Cycle at;
  while (const auto next = mesh.next_event()) {
    at = std::max(at, *next);
    mesh.advance(at, arrivals);
    for (const Delivery& delivery : arrivals.deliveries) RC_ASSERT(delivery.arrived == at);
    arrivals.clear();
  }
}

TEST(MeshTraffic, AHotLinkShowsInItsCounters) {
  Mesh mesh(mesh_of(4, 1, 2));
  for (std::int64_t i = 0; i < 50; ++i) {
    mesh.inject(copy_to(0, terminals({3}), 4, i), Cycle(0));
    mesh.inject(copy_to(1, terminals({3}), 4, 100 + i), Cycle(0));
  }
  mesh.inject(copy_to(3, terminals({0}), 4, 1000), Cycle(0));
  const NocArrivals arrivals = run_out(mesh);
  const auto links = mesh.links();
  const auto [hottest, counters] = *std::max_element(links.begin(), links.end(), [](const auto& a, const auto& b) {
    return a.second.arbitration < b.second.arbitration;
  });
  EXPECT_EQ(mesh.link_name(hottest), "(1,0) east");
  EXPECT_EQ(counters.flits, 2 * 50 * 4);
  std::int64_t lost = 0;
  for (const Delivery& delivery : arrivals.deliveries) {
    if (delivery.breakdown.arbitration == Cycle(0)) continue;
    EXPECT_EQ(delivery.lost_on, hottest);
    ++lost;
  }
  EXPECT_GT(lost, 20);
}

TEST(MeshTraffic, WrongPacketsAreRefused) {
  Mesh mesh(mesh_of(2, 2, 1));
  EXPECT_THROW(mesh.inject(copy_to(0, terminals({4}), 1), Cycle(0)), std::invalid_argument);
  EXPECT_THROW(mesh.inject(copy_to(4, terminals({0}), 1), Cycle(0)), std::invalid_argument);
  EXPECT_THROW(mesh.inject(copy_to(0, {}, 1), Cycle(0)), std::invalid_argument);
  EXPECT_THROW(mesh.inject(copy_to(0, terminals({1, 1}), 1), Cycle(0)), std::invalid_argument);
  EXPECT_THROW(mesh.inject(copy_to(0, terminals({1}), 0), Cycle(0)), std::invalid_argument);
  NocArrivals arrivals;
  mesh.advance(Cycle(5), arrivals);
  EXPECT_THROW(mesh.inject(copy_to(0, terminals({1}), 1), Cycle(4)), std::invalid_argument);
  EXPECT_THROW(Mesh(mesh_of(0, 8, 1)), std::invalid_argument);
  EXPECT_THROW(Mesh(mesh_of(8, 8, 65)), std::invalid_argument);
}

}  // namespace
}  // namespace loopsim
