// Arrays that send the same packets step after step, against trains that are followed to their end.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/noc/Mesh.hpp"
#include "sim/noc/StepFlows.hpp"
#include "tests/sim/noc/NocTesting.hpp"

namespace loopsim {
namespace {

TerminalId at(const MeshSettings& settings, std::int64_t x, std::int64_t y) {
  return TerminalId(static_cast<std::size_t>(y * settings.width + x));
}

Packet copy(TerminalId from, std::vector<TerminalId> to, std::int64_t flits = 1) {
  return copy_to(from.value, std::move(to), flits);
}

StepPace whole(std::int64_t cycles) {
  return {cycles, 1};
}

TEST(StepFlows, PacketsApartTakeWhatTheLongestNeeds) {
  const MeshSettings settings = mesh_of(4, 4, 2);
  StepFlows flows(settings);
  const PatternId rows =
      flows.intern({copy(at(settings, 0, 0), {at(settings, 3, 0)}, 3), copy(at(settings, 0, 1), {at(settings, 3, 1)})});
  EXPECT_EQ(flows.alone({rows, Cycle(1)}), whole(3));
  EXPECT_EQ(flows.alone({rows, Cycle(5)}), whole(5));
  EXPECT_EQ(flows.simulated(), 0U);
  EXPECT_EQ(flows.one_step(rows).operands,
            Cycle(4 * 4 + 2 + 2));  // 4 routers of 4 cycles, 2 at the ends, 2 flits behind
  EXPECT_EQ(flows.one_step(rows).results, Cycle(0));
  EXPECT_EQ(flows.one_step(rows).counters.flit_hops, 4 * 3 + 4);
}

TEST(StepFlows, OneChannelLeavesACycleBetweenPackets) {
  const MeshSettings settings = mesh_of(4, 1, 1);
  StepFlows flows(settings);
  const PatternId stream = flows.intern({copy(at(settings, 0, 0), {at(settings, 3, 0)}, 2)});
  EXPECT_EQ(flows.alone({stream, Cycle(1)}), whole(3));
}

TEST(StepFlows, ASharedLinkIsSharedOut) {
  const MeshSettings settings = mesh_of(4, 1, 2);
  StepFlows flows(settings);
  const PatternId far = flows.intern({copy(at(settings, 0, 0), {at(settings, 3, 0)})});
  const PatternId near = flows.intern({copy(at(settings, 1, 0), {at(settings, 3, 0)})});
  EXPECT_EQ(flows.alone({far, Cycle(1)}), whole(1));
  EXPECT_EQ(flows.together({{far, Cycle(1)}, {near, Cycle(1)}}), (std::vector{whole(2), whole(2)}));
  EXPECT_EQ(flows.together({{near, Cycle(4)}, {far, Cycle(4)}}), (std::vector{whole(4), whole(4)}));
}

TEST(StepFlows, FlowsThatDoNotMeetDoNotDisturb) {
  const MeshSettings settings = mesh_of(4, 2, 2);
  StepFlows flows(settings);
  const PatternId upper = flows.intern({copy(at(settings, 0, 0), {at(settings, 3, 0)})});
  const PatternId lower = flows.intern({copy(at(settings, 0, 1), {at(settings, 3, 1)}, 4)});
  EXPECT_EQ(flows.together({{upper, Cycle(1)}, {lower, Cycle(1)}}), (std::vector{whole(1), whole(4)}));
}

TEST(StepFlows, AMulticastBeatsUnicastsByWhatTheTreeSaves) {
  const MeshSettings settings = mesh_of(4, 4, 2);
  std::vector<TerminalId> nodes = first_terminals(16);
  std::vector<Packet> unicasts;
  for (const TerminalId node : nodes) unicasts.push_back(copy(TerminalId(0), {node}));
  StepFlows flows(settings);
  const PatternId tree = flows.intern({copy(TerminalId(0), nodes)});
  const PatternId each = flows.intern(unicasts);
  EXPECT_EQ(flows.alone({tree, Cycle(1)}), whole(1));
  EXPECT_EQ(flows.alone({each, Cycle(1)}), whole(16));
  // Every link of the tree once, and the ways out, against the sum of all distances.
  EXPECT_EQ(flows.one_step(tree).counters.flit_hops, 15 + 16);
  EXPECT_EQ(flows.one_step(each).counters.flit_hops, 16 * (1 + 3));  // on average 1.5 columns and 1.5 rows away
}

/// A step of more packets than the usual measurement has cycles.
TEST(StepFlows, LongStepsAreMeasuredLongEnough) {
  const MeshSettings settings = mesh_of(2, 1, 2);
  StepFlows flows(settings);
  const PatternId many = flows.intern(std::vector<Packet>(2000, copy(at(settings, 0, 0), {at(settings, 1, 0)})));
  const StepPace pace = flows.alone({many, Cycle(1)});
  EXPECT_NEAR(static_cast<double>(pace.cycles) / static_cast<double>(pace.steps), 2000, 2000 / 30.0);
}

/// The pace, by closed form or measured, is that of a long train, but for a few cycles until it runs evenly.
RC_GTEST_PROP(StepFlows, ThePaceIsThatOfATrain, ()) {
  MeshSettings settings = mesh_of(*rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::element(1, 2, 3));
  settings.buffer = 8;
  const auto nodes = static_cast<std::size_t>(settings.width * settings.height);
  const auto leaves = first_terminals(*rc::gen::inRange<std::int64_t>(1, static_cast<std::int64_t>(nodes) + 1));
  const Packet packet{*rc::gen::element(PacketKind::copy, PacketKind::sum),
                      TerminalId(*rc::gen::inRange<std::size_t>(0, nodes)), leaves,
                      *rc::gen::inRange<std::int64_t>(1, 9), PacketTag(0)};
  const Cycle period(*rc::gen::inRange(1, 12));
  StepFlows flows(settings);
  const StepPace pace = flows.alone({flows.intern({packet}), period});
  Mesh mesh(settings);
  constexpr std::int64_t packets = 1000;
  mesh.inject_train(packet, Cycle(0), packets, period);
  const NocArrivals arrivals = run_out(mesh);
  const TrainCompletion& train = arrivals.trains.front();
  const std::int64_t difference = (train.last - train.first).value * pace.steps - pace.cycles * (packets - 1);
  RC_ASSERT(std::abs(difference) <= 16 * pace.steps);
}

}  // namespace
}  // namespace loopsim
