// The router model on a torus: what its ways take, what it carries, and that nothing blocks it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <rapidcheck/gtest.h>

#include "sim/noc/FixedTraffic.hpp"
#include "sim/noc/LoadPoint.hpp"
#include "sim/noc/Mesh.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

Cycle latency_of(const MeshSettings& settings, const Packet& packet) {
  Mesh mesh(settings);
  mesh.inject(packet, Cycle(0));
  return last_arrival(run_out(mesh));
}

TEST(Torus, FromCornerToCornerAreTwoLinks) {
  // Three routers of 4 cycles, 2 at the ends; on a mesh seven.
  EXPECT_EQ(latency_of(torus_of(4, 4, 2), copy_to(0, terminals({15}), 1)), Cycle(4 * 3 + 2));
  EXPECT_EQ(latency_of(mesh_of(4, 4, 2), copy_to(0, terminals({15}), 1)), Cycle(4 * 7 + 2));
  // Half round both rings: no longer than the farthest on a mesh of half the size.
  EXPECT_EQ(latency_of(torus_of(4, 4, 2), copy_to(0, terminals({10}), 5)), Cycle(4 * 5 + 2 + 4));
}

TEST(Torus, ZeroLoadLatencyIsFourCyclesARouterAndTwo) {
  for (const std::int64_t vcs : {2, 3, 4}) {
    for (std::uint32_t from = 0; from < 20; from += 3) {
      for (std::uint32_t to = 0; to < 20; ++to) {
        const auto round = [](std::uint32_t a, std::uint32_t b, std::int64_t size) {
          const std::int64_t d = std::abs(std::int64_t{a} - std::int64_t{b});
          return std::min(d, size - d);
        };
        const std::int64_t routers = round(from % 5, to % 5, 5) + round(from / 5, to / 5, 4) + 1;
        Mesh torus(torus_of(5, 4, vcs));
        torus.inject(copy_to(from, terminals({to}), 3), Cycle(0));
        const NocArrivals arrivals = run_out(torus);
        EXPECT_EQ(last_arrival(arrivals), Cycle(4 * routers + 2 + 2)) << from << " to " << to;
        EXPECT_EQ(arrivals.deliveries.at(0).routers, routers);
      }
    }
  }
}

TEST(Torus, ATreeIsAsFastAsTheWayToItsFarthestNode) {
  Mesh copies(torus_of(5, 5, 2)), sums(torus_of(5, 5, 2));
  copies.inject(copy_to(0, first_terminals(25), 4), Cycle(0));
  sums.inject(sum_of(first_terminals(25), 0, 4), Cycle(0));
  EXPECT_EQ(last_arrival(run_out(copies)), Cycle(4 * 5 + 2 + 3));
  EXPECT_EQ(last_arrival(run_out(sums)), Cycle(4 * 5 + 2 + 3));
  EXPECT_EQ(copies.counters().flit_hops, 4 * (24 + 25));  // links between routers once, and those to the nodes
  EXPECT_EQ(sums.counters().flit_hops, 4 * 25);
}

/// Long packets from every router half round a ring: only classes keep each from waiting for the one before it.
TEST(Torus, ARingThatIsFullOfPacketsKeepsMoving) {
  for (const std::int64_t buffer : {1, 2, 8}) {
    for (const std::uint32_t size : {3U, 4U, 5U, 8U}) {
      for (const bool row : {true, false}) {
        MeshSettings settings = row ? torus_of(size, 1, 2) : torus_of(1, size, 2);
        settings.buffer = buffer;
        Mesh torus(settings);
        for (std::uint32_t from = 0; from < size; ++from) {
          for (int i = 0; i < 20; ++i) torus.inject(copy_to(from, terminals({(from + size / 2) % size}), 30), Cycle(0));
          for (int i = 0; i < 20; ++i) {
            torus.inject(copy_to(from, terminals({(from + (size - 1) / 2) % size}), 30), Cycle(0));
          }
        }
        EXPECT_EQ(run_out(torus).deliveries.size(), 40 * size);
      }
    }
  }
}

/// Far more than it can carry, all at once: single packets of any length, copies that fit a buffer, sums.
RC_GTEST_PROP(Torus, OverloadIsWorkedOffWithFewBuffers, ()) {
  MeshSettings settings = torus_of(*rc::gen::inRange(1, 9), *rc::gen::inRange(1, 9), *rc::gen::inRange(2, 6));
  settings.buffer = *rc::gen::element(1, 1, 2, 3, 8);
  const auto nodes = static_cast<std::uint32_t>(settings.width * settings.height);
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  Mesh torus(settings);
  std::size_t deliveries = 0;
  const int trees = *rc::gen::inRange(0, 3);
  for (std::int64_t i = 0; i < 10 * nodes; ++i) {
    const std::uint32_t root = below(nodes);
    std::vector<TerminalId> ends = first_terminals(nodes);
    std::shuffle(ends.begin(), ends.end(), random);
    ends.resize(1 + below(std::min(nodes, 9U)));
    if (trees > 0 && i % 3 == 0) {
      torus.inject(copy_to(root, ends, 1 + below(static_cast<std::uint32_t>(settings.buffer)), i), Cycle(0));
      deliveries += ends.size();
    } else if (trees > 1 && i % 3 == 1) {
      torus.inject(sum_of(ends, root, 1 + below(20), i), Cycle(0));
      ++deliveries;
    } else {
      torus.inject(copy_to(root, terminals({ends.front().value}), 1 + below(20), i), Cycle(0));
      ++deliveries;
    }
  }
  RC_ASSERT(run_out(torus).deliveries.size() == deliveries);
}

LoadPoint uniform_load(const MeshSettings& settings, double rate) {
  TrafficSettings traffic;
  traffic.width = settings.width;
  traffic.height = settings.height;
  return measure_load(settings, traffic, rate, 1, 7);
}

/// Twice the bisection, of which classes of two channels use as much as a mesh does of its own with two.
TEST(Torus, SustainsClearlyMoreUniformTrafficThanAMesh) {
  const LoadPoint mesh = uniform_load(mesh_of(8, 8, 4), 0.45);
  EXPECT_TRUE(mesh.saturated);
  EXPECT_LT(mesh.accepted, 0.44);
  const LoadPoint torus = uniform_load(torus_of(8, 8, 4), 0.6);
  EXPECT_FALSE(torus.saturated);
  EXPECT_NEAR(torus.accepted, 0.6, 0.01);
  EXPECT_LT(torus.latency.value(), 40);
  EXPECT_GT(torus.accepted, 1.35 * mesh.accepted);
}

TEST(Torus, UniformTrafficGoesOverFewerRouters) {
  // Two links a dimension on average, and the first router, in place of 2.625.
  EXPECT_NEAR(uniform_load(torus_of(8, 8, 2), 0.05).hops.value(), 5.0, 0.1);
  EXPECT_NEAR(uniform_load(mesh_of(8, 8, 2), 0.05).hops.value(), 6.25, 0.1);
}

TEST(Torus, WithoutRingsItIsAMesh) {
  for (const std::int64_t width : {1, 2}) {
    for (const std::int64_t height : {1, 2}) {
      const std::int64_t nodes = width * height;
      for (const FixedTraffic traffic : {FixedTraffic::allgather, FixedTraffic::reduce, FixedTraffic::gather}) {
        Mesh mesh(mesh_of(width, height, 3)), torus(torus_of(width, height, 3));
        const auto one = run_fixed_traffic(mesh, traffic, nodes, TerminalId(), TerminalId(), 20, 3);
        const auto other = run_fixed_traffic(torus, traffic, nodes, TerminalId(), TerminalId(), 20, 3);
        EXPECT_EQ(one.cycles, other.cycles);
        EXPECT_EQ(one.flit_hops, other.flit_hops);
      }
    }
  }
}

TEST(Torus, OneChannelIsRefused) {
  try {
    Mesh torus(torus_of(4, 4, 1));
    FAIL() << "not refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("a torus needs at least 2 virtual channels"));
  }
}

}  // namespace
}  // namespace loopsim
