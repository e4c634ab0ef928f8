#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/machine/Simulate.hpp"
#include "sim/noc/FixedTraffic.hpp"
#include "sim/noc/Mesh.hpp"
#include "sim/time/RunErrors.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

TEST(MeshTrees, AMulticastCrossesEachLinkOfItsTreeOnce) {
  for (std::int64_t k = 1; k <= 8; ++k) {
    for (const std::int64_t vcs : {1, 2, 4}) {
      Mesh tree(mesh_of(k, k, vcs)), apart(mesh_of(k, k, vcs));
      const std::int64_t packets = 10, flits = 3, nodes = k * k, last = nodes - 1;
      const TerminalId end(static_cast<std::size_t>(last));
      const auto once = run_fixed_traffic(tree, FixedTraffic::multicast, nodes, TerminalId(), end, packets, flits);
      const auto each = run_fixed_traffic(apart, FixedTraffic::scatter, nodes, TerminalId(), end, packets, flits);
      EXPECT_EQ(once.flit_hops, packets * flits * (nodes - 1 + nodes));  // links between routers and to the nodes
      std::int64_t unicast_hops = 0;
      for (std::int64_t node = 0; node < nodes; ++node) unicast_hops += node % k + node / k + 1;
      EXPECT_EQ(each.flit_hops, packets * flits * unicast_hops);
      // Without other traffic a tree is as fast as a stream to its farthest node.
      const std::int64_t v = vcs == 1 ? 1 : 0;
      EXPECT_EQ(once.cycles, packets * (flits + v) + 4 * (2 * k - 1) + 2 - v) << k << " " << vcs;
      if (k > 1) {
        EXPECT_LT(once.cycles * 2, each.cycles);
      }
    }
  }
}

TEST(MeshTrees, ABlockedBranchDoesNotHoldUpTheOthersOfAPacketThatFitsABuffer) {
  Mesh mesh(mesh_of(3, 1, 2));
  // Long streams keep the ways to node 2 busy; the multicast's copy for node 0 is not held up by them.
  mesh.inject(copy_to(2, terminals({2}), 200, 1), Cycle(0));
  mesh.inject(copy_to(0, terminals({2}), 200, 2), Cycle(0));
  mesh.inject(copy_to(1, terminals({0, 2}), 8, 3), Cycle(50));
  const NocArrivals arrivals = run_out(mesh);
  ASSERT_EQ(arrivals.deliveries.size(), 4u);
  for (const Delivery& delivery : arrivals.deliveries) {
    if (delivery.tag != PacketTag(3)) continue;
    const std::int64_t latency = (delivery.arrived - delivery.created).value;
    if (delivery.destination == TerminalId(0u)) {
      EXPECT_LE(latency, 4 * 2 + 2 + 7 + 8);  // the buffer is read once a cycle, for the other branch too
    } else {
      EXPECT_GT(latency, 4 * 3 + 2 + 7 + 8);
    }
  }
}

TEST(MeshTrees, SharesOfASumMeetAndOnePacketArrives) {
  for (std::int64_t k = 1; k <= 8; ++k) {
    for (const std::int64_t vcs : {1, 2, 4}) {
      for (const std::int64_t flits : {1, 4, 12}) {
        Mesh mesh(mesh_of(k, k, vcs));
        mesh.inject(sum_of(first_terminals(k * k), 0, flits, 5), Cycle(3));
        const NocArrivals arrivals = run_out(mesh);
        ASSERT_EQ(arrivals.deliveries.size(), 1u);
        const Delivery& delivery = arrivals.deliveries[0];
        // The farthest share's way; the others wait for it.
        EXPECT_EQ((delivery.arrived - delivery.created).value, 4 * (2 * k - 1) + 2 + flits - 1);
        EXPECT_EQ(delivery.breakdown.total(), delivery.arrived - delivery.created);
        EXPECT_EQ(delivery.routers, 2 * k - 1);
        EXPECT_EQ(mesh.counters().flit_hops, k * k * flits);  // one link out of each router
        EXPECT_EQ(mesh.counters().flits_ejected, flits);
        EXPECT_EQ(mesh.counters().flits, k * k * flits);
      }
    }
  }
}

TEST(MeshTrees, SumsFollowEachOtherAtTheRateOfAStream) {
  for (const std::int64_t vcs : {1, 2, 4}) {
    Mesh mesh(mesh_of(4, 4, vcs));
    const auto result = run_fixed_traffic(mesh, FixedTraffic::reduce, 16, TerminalId(), TerminalId(), 100, 2);
    const std::int64_t v = vcs == 1 ? 1 : 0;
    EXPECT_GE(result.cycles, 100 * (2 + v) + 4 * 7 + 2 - v);
    EXPECT_EQ(result.flit_hops, 16 * 2 * 100);
  }
}

TEST(MeshTrees, TerminalsAtTheEdgeSendAndReceive) {
  MeshSettings settings = mesh_of(4, 4, 2);
  settings.ports = {RouterId(0), RouterId(0), RouterId(12)};
  Mesh mesh(settings);
  mesh.inject(copy_to(16, terminals({0, 1, 2, 3, 17}), 2, 1), Cycle(0));
  mesh.inject(copy_to(18, terminals({16}), 1, 2), Cycle(0));
  mesh.inject(sum_of(terminals({0, 4, 8, 12}), 17, 2, 3), Cycle(50));
  const NocArrivals arrivals = run_out(mesh);
  EXPECT_EQ(arrivals.deliveries.size(), 7u);
  for (const Delivery& delivery : arrivals.deliveries)
    EXPECT_EQ(delivery.breakdown.total(), delivery.arrived - delivery.created);
  EXPECT_EQ(mesh.link_name(mesh.map().injection_link(TerminalId(18))), "port 2 at (0,3) in");
}

TEST(MeshTrees, ADeadlockNamesWhoWaitsForWhom) {
  // Two multicasts, each longer than the buffers on its way: each holds the link that the other needs.
  MeshSettings settings = mesh_of(4, 1, 1);
  settings.buffer = 2;
  Mesh mesh(settings);
  mesh.inject(copy_to(1, terminals({0, 3}), 50, 1), Cycle(0));
  mesh.inject(copy_to(2, terminals({0, 3}), 50, 2), Cycle(0));
  NocArrivals arrivals;
  try {
    mesh.advance(Cycle(100000), arrivals);
    FAIL() << "no deadlock";
  } catch (const DeadlockError& error) {
    const std::string text = error.what();
    EXPECT_THAT(text, HasSubstr("deadlock in the mesh at cycle"));
    EXPECT_THAT(text, HasSubstr("waits for a virtual channel of"));
    EXPECT_THAT(text, HasSubstr("held by packet 1"));
    EXPECT_THAT(text, HasSubstr("held by packet 2"));
    EXPECT_THAT(text, HasSubstr("round again"));
  }
}

TEST(MeshTrees, TheSamePacketsThatFitTheirBuffersArrive) {
  MeshSettings settings = mesh_of(4, 1, 1);
  settings.buffer = 50;
  Mesh mesh(settings);
  mesh.inject(copy_to(1, terminals({0, 3}), 50, 1), Cycle(0));
  mesh.inject(copy_to(2, terminals({0, 3}), 50, 2), Cycle(0));
  EXPECT_EQ(run_out(mesh).deliveries.size(), 4u);
}

}  // namespace
}  // namespace loopsim
