// Beside goldens/noc: 8x8, XY, uniform traffic, 1 virtual channel, buffers of 8.

#include <cmath>
#include <gtest/gtest.h>

#include "sim/noc/LoadPoint.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

TrafficSettings uniform(const MeshSettings& mesh) {
  TrafficSettings traffic;
  traffic.width = mesh.width;
  traffic.height = mesh.height;
  return traffic;
}

struct Reference {
  double rate, latency;
};

void expect_near_reference(std::int64_t flits, const std::vector<Reference>& points) {
  const MeshSettings mesh = mesh_of(8, 8, 1);
  for (const Reference& reference : points) {
    const LoadPoint point = measure_load(mesh, uniform(mesh), reference.rate, flits, 7);
    EXPECT_FALSE(point.saturated) << reference.rate;
    EXPECT_NEAR(point.latency.value(), reference.latency, 0.05 * reference.latency) << reference.rate;
    EXPECT_NEAR(point.accepted, reference.rate, 0.02 * reference.rate);
    EXPECT_NEAR(point.hops.value(), 6.25, 0.1);
  }
}

TEST(LoadPoint, LatencyIsTheReferencesForPacketsOfOneFlit) {
  expect_near_reference(1, {{0.01, 26.79}, {0.04, 27.3}, {0.10, 28.72}, {0.14, 30.85}, {0.16, 33.22}, {0.18, 38.80}});
}

TEST(LoadPoint, LatencyIsTheReferencesForPacketsOfFiveFlits) {
  expect_near_reference(5, {{0.01, 30.61}, {0.05, 31.97}, {0.10, 33.41}, {0.15, 36.24}, {0.20, 43.29}});
}

TEST(LoadPoint, SaturatesWhereTheReferenceDoes) {
  const MeshSettings mesh = mesh_of(8, 8, 1);
  const LoadPoint one = measure_load(mesh, uniform(mesh), 0.20, 1, 7);
  EXPECT_TRUE(one.saturated);
  EXPECT_NEAR(one.accepted, 0.194, 0.02 * 0.194);
  const LoadPoint five = measure_load(mesh, uniform(mesh), 0.25, 5, 7);
  EXPECT_TRUE(five.saturated);
  EXPECT_NEAR(five.accepted, 0.246, 0.02 * 0.246);
}

TEST(LoadPoint, MoreChannelsCarryMore) {
  double last = 0;
  for (const std::int64_t vcs : {1, 2, 4}) {
    const MeshSettings mesh = mesh_of(8, 8, vcs);
    const LoadPoint point = measure_load(mesh, uniform(mesh), 0.6, 1, 7);
    EXPECT_TRUE(point.saturated);
    EXPECT_GT(point.accepted, last * 1.02);
    EXPECT_LT(point.accepted, 0.5);  // the bisection's bound for uniform traffic: 4 / k
    last = point.accepted;
  }
}

TEST(LoadPoint, PatternsGoWhereTheySay) {
  const MeshSettings mesh = mesh_of(6, 6, 2);
  TrafficSettings traffic = uniform(mesh);
  traffic.pattern = TrafficPattern::neighbor;
  // x + 1, y + 1 around the edges: 2 * (1 * 5 + 5 * 1) / 6 links, and the first router.
  EXPECT_NEAR(measure_load(mesh, traffic, 0.05, 1, 7).hops.value(), 2 * 10.0 / 6 + 1, 0.05);
  traffic.pattern = TrafficPattern::transpose;
  EXPECT_NEAR(measure_load(mesh, traffic, 0.05, 1, 7).hops.value(), 2 * 35.0 / 18 + 1, 0.05);
  traffic.pattern = TrafficPattern::hotspot;
  traffic.hotspot = TerminalId(21);
  traffic.hotspot_share = 0.5;
  // The hotspot's link takes one flit a cycle with two channels or more.
  const LoadPoint point = measure_load(mesh, traffic, 0.06, 1, 7);
  EXPECT_TRUE(point.saturated);
  EXPECT_FALSE(measure_load(mesh, traffic, 0.05, 1, 7).saturated);
}

TEST(LoadPoint, SmallAndThinMeshesAndExtremeRates) {
  for (const auto& [width, height] : {std::pair<int, int>{1, 1}, {1, 7}, {5, 1}}) {
    const MeshSettings mesh = mesh_of(width, height, 2);
    const LoadPoint point = measure_load(mesh, uniform(mesh), 0.002, 1, 7);
    const double routers = 1 + (width * width - 1) / (3.0 * width) + (height * height - 1) / (3.0 * height);
    EXPECT_FALSE(point.saturated);
    EXPECT_NEAR(point.latency.value(), 4 * routers + 2, 0.3);
    EXPECT_NEAR(point.accepted, 0.002, 0.02 * 0.002);
    EXPECT_EQ(measure_load(mesh, uniform(mesh), 0, 1, 7).latency, std::nullopt);
  }
  const MeshSettings one = mesh_of(1, 1, 2);
  const LoadPoint full = measure_load(one, uniform(one), 1, 1, 7);
  EXPECT_FALSE(full.saturated);
  EXPECT_DOUBLE_EQ(full.latency.value(), 6);
}

TEST(LoadPoint, TheSeedDecides) {
  const MeshSettings mesh = mesh_of(4, 4, 1);
  const auto latency = [&](std::uint64_t seed) { return measure_load(mesh, uniform(mesh), 0.1, 2, seed).latency; };
  EXPECT_EQ(latency(1), latency(1));
  EXPECT_NE(latency(1), latency(2));
}

}  // namespace
}  // namespace loopsim
