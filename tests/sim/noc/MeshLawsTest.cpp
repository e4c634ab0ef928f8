// The laws of goldens/noc: cycles from the first injection, at cycle 0, to the last arrival, both counted.

#include <gtest/gtest.h>

#include "sim/noc/FixedTraffic.hpp"
#include "sim/noc/Mesh.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

TEST(MeshLaws, ZeroLoadLatencyIsFourCyclesARouterAndTwo) {
  for (const std::int64_t vcs : {1, 2, 4}) {
    for (const std::int64_t flits : {1, 2, 5, 8, 20}) {
      for (std::uint32_t from = 0; from < 20; from += 3) {
        for (std::uint32_t to = 0; to < 20; ++to) {
          Mesh mesh(mesh_of(5, 4, vcs));
          mesh.inject(copy_to(from, terminals({to}), flits), Cycle(7));
          const NocArrivals arrivals = run_out(mesh);
          ASSERT_EQ(arrivals.deliveries.size(), 1u);
          const Delivery& delivery = arrivals.deliveries[0];
          const std::int64_t routers = mesh.map().routers_between(TerminalId(from), TerminalId(to));
          EXPECT_EQ((delivery.arrived - delivery.created).value, 4 * routers + 2 + flits - 1);
          EXPECT_EQ(delivery.routers, routers);
          EXPECT_EQ(delivery.breakdown.pipeline, Cycle(4 * routers + 2));
          EXPECT_EQ(delivery.breakdown.serialization, Cycle(flits - 1));
          EXPECT_EQ(mesh.counters().flit_hops, routers * flits);
        }
      }
    }
  }
}

TEST(MeshLaws, EveryStageAddsItsDelayToEveryRouter) {
  const auto latency = [](const RouterDelays& delays) {
    MeshSettings settings = mesh_of(3, 3, 2);
    settings.delays = delays;
    settings.buffer = 100;
    Mesh mesh(settings);
    mesh.inject(copy_to(0, terminals({8}), 4), Cycle(0));
    return last_arrival(run_out(mesh)).value;
  };
  const RouterDelays base;
  const std::int64_t routers = 5, before = latency(base);
  RouterDelays delays = base;
  delays.routing += Cycle(3);
  EXPECT_EQ(latency(delays), before + 3 * routers);
  delays = base;
  delays.vc_allocation += Cycle(2);
  EXPECT_EQ(latency(delays), before + 2 * routers);
  delays = base;
  delays.switch_allocation += Cycle(4);
  EXPECT_EQ(latency(delays), before + 4 * routers);
  delays = base;
  delays.switch_traversal = Cycle(0);
  EXPECT_EQ(latency(delays), before - routers);
  delays = base;
  delays.link += Cycle(5);
  EXPECT_EQ(latency(delays), before + 5 * (routers + 1));  // the way into the network too
  delays = base;
  delays.credit += Cycle(5);
  EXPECT_EQ(latency(delays), before);
}

TEST(MeshLaws, AStreamTakesOneCycleAFlitAndWithOneChannelOneMoreAPacket) {
  for (std::int64_t k = 1; k <= 9; ++k) {
    for (const std::int64_t vcs : {1, 2, 3, 4, 8, 16}) {
      for (const std::int64_t flits : {1, 2, 3, 5, 8, 9, 20}) {
        for (const std::int64_t packets : {1, 2, 10, 100}) {
          Mesh mesh(mesh_of(k, k, vcs));
          const TerminalId last(static_cast<std::size_t>(k * k - 1));
          const auto result = run_fixed_traffic(mesh, FixedTraffic::stream, k * k, TerminalId(), last, packets, flits);
          const std::int64_t v = vcs == 1 ? 1 : 0, routers = 2 * k - 1;
          EXPECT_EQ(result.cycles, packets * (flits + v) + 4 * routers + 2 - v)
              << k << " x " << k << ", " << vcs << " channels, " << flits << " flits, " << packets << " packets";
          EXPECT_EQ(result.flit_hops, packets * flits * routers);
        }
      }
    }
  }
}

/// With fewer packets the sink's link idles at the end, while the last packets of a far node follow each other in one
/// virtual channel.
TEST(MeshLaws, AGatherIsBoundByTheSinksLink) {
  for (std::int64_t k = 2; k <= 9; ++k) {
    for (const std::int64_t vcs : {1, 2, 3, 4, 8, 16}) {
      for (const std::int64_t flits : {1, 2, 5, 9}) {
        const std::int64_t packets = vcs <= 2 ? 10 : 50;
        if (k > 6 && vcs > 2 && flits > 2) continue;  // for time's sake
        Mesh mesh(mesh_of(k, k, vcs));
        const auto result =
            run_fixed_traffic(mesh, FixedTraffic::gather, k * k, TerminalId(), TerminalId(), packets, flits);
        const std::int64_t v = vcs == 1 ? 1 : 0;
        EXPECT_EQ(result.cycles, packets * k * k * (flits + v) + 6 - v)
            << k << " x " << k << ", " << vcs << " channels, " << flits << " flits, " << packets << " packets";
      }
    }
  }
}

/// Grant to credit is 7 cycles with the default delays (credits out, flit over, credit back): a buffer of b < 7 flits
/// lets b flits through in that time.
TEST(MeshLaws, SmallBuffersLimitAStreamByTheCreditLoop) {
  for (std::int64_t buffer = 1; buffer <= 8; ++buffer) {
    MeshSettings settings = mesh_of(6, 1, 1);
    settings.buffer = buffer;
    Mesh mesh(settings);
    const std::int64_t flits = 420;
    const auto result = run_fixed_traffic(mesh, FixedTraffic::stream, 6, TerminalId(), TerminalId(5), 1, flits);
    const std::int64_t loop = 6;  // body flits do not wait for VC allocation
    const std::int64_t expected = buffer >= loop ? flits : flits * loop / buffer;
    EXPECT_NEAR(static_cast<double>(result.cycles), static_cast<double>(expected + 4 * 6 + 2), 12) << buffer;
  }
}

}  // namespace
}  // namespace loopsim
