// Arrays that send the same packets step after step, against trains that are followed to their end.

#include <array>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/noc/FlowTrial.hpp"
#include "sim/noc/Mesh.hpp"
#include "sim/noc/NetworkChoices.hpp"
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

/// Packets of one word each, on one mesh.
StepFlow flow(StepFlows& flows, const std::vector<Packet>& packets, Cycle period = Cycle(1)) {
  std::vector<RepeatedPacket> step;
  for (const Packet& packet : packets) step.push_back({packet, 1, 8});
  return {{flows.intern(step)}, period};
}
StepFlow slower(StepFlow flow, Cycle period) {
  flow.period = period;
  return flow;
}

const StepPattern& pattern_of(const StepFlows& flows, const StepFlow& flow) {
  return flows.pattern(*flow.patterns.front());
}

TEST(StepFlows, PacketsApartTakeWhatTheLongestNeeds) {
  const MeshSettings settings = mesh_of(4, 4, 2);
  StepFlows flows(settings);
  const StepFlow rows =
      flow(flows, {copy(at(settings, 0, 0), {at(settings, 3, 0)}, 2), copy(at(settings, 0, 1), {at(settings, 3, 1)})});
  EXPECT_EQ(flows.alone(rows), Cycle(2));
  EXPECT_EQ(flows.alone(slower(rows, Cycle(5))), Cycle(5));
  EXPECT_EQ(flows.simulated(), 0U);
  const StepPattern& pattern = pattern_of(flows, rows);
  EXPECT_EQ(pattern.step.operands, Cycle(4 * 4 + 2 + 1));  // 4 routers of 4 cycles, 2 at the ends, a flit behind
  EXPECT_EQ(pattern.step.results, Cycle(0));
  EXPECT_EQ(pattern.step.counters.flit_hops, 4 * 2 + 4);
  EXPECT_EQ(pattern.bit_hops, 8 * (4 + 4));
}

TEST(StepFlows, OneChannelLeavesACycleBetweenPackets) {
  const MeshSettings settings = mesh_of(4, 1, 1);
  StepFlows flows(settings);
  EXPECT_EQ(flows.alone(flow(flows, {copy(at(settings, 0, 0), {at(settings, 3, 0)}, 2)})), Cycle(3));
}

TEST(StepFlows, ASharedLinkIsSharedOut) {
  const MeshSettings settings = mesh_of(4, 1, 2);
  StepFlows flows(settings);
  const StepFlow far = flow(flows, {copy(at(settings, 0, 0), {at(settings, 3, 0)})});
  const StepFlow near = flow(flows, {copy(at(settings, 1, 0), {at(settings, 3, 0)})});
  EXPECT_EQ(flows.alone(far), Cycle(1));
  EXPECT_EQ(flows.together({far, near}), (std::vector{Cycle(2), Cycle(2)}));
  EXPECT_EQ(flows.together({slower(near, Cycle(4)), slower(far, Cycle(4))}), (std::vector{Cycle(4), Cycle(4)}));
  // One that asks for little keeps its period, whatever the other asks for.
  EXPECT_EQ(flows.together({slower(near, Cycle(10)), far}), (std::vector{Cycle(10), Cycle(2)}));
}

TEST(StepFlows, FlowsThatDoNotMeetDoNotDisturb) {
  const MeshSettings settings = mesh_of(4, 2, 2);
  StepFlows flows(settings);
  const StepFlow upper = flow(flows, {copy(at(settings, 0, 0), {at(settings, 3, 0)})});
  const StepFlow lower = flow(flows, {copy(at(settings, 0, 1), {at(settings, 3, 1)}, 4)});
  EXPECT_EQ(flows.together({upper, lower}), (std::vector{Cycle(1), Cycle(4)}));
}

/// What holds a flow up on one mesh makes it slower on the others.
TEST(StepFlows, MeshesSideBySideShareThePeriod) {
  const MeshSettings settings = mesh_of(4, 1, 2);
  StepFlows flows(settings);
  const auto one = [&](std::vector<Packet> packets) { return *flow(flows, packets).patterns.front(); };
  const PatternId single = one({copy(at(settings, 0, 0), {at(settings, 3, 0)})});
  const PatternId eight = one({copy(at(settings, 0, 0), {at(settings, 3, 0)}, 8)});
  const StepFlow slow{{single, eight}, Cycle(1)};
  const StepFlow quick{{single, std::nullopt}, Cycle(1)};
  EXPECT_EQ(flows.alone(slow), Cycle(8));
  // An eighth of the first mesh's links is taken.
  EXPECT_EQ(flows.together({slow, quick}), (std::vector{Cycle(8), Cycle(2)}));
}

TEST(StepFlows, AMulticastBeatsUnicastsByWhatTheTreeSaves) {
  const MeshSettings settings = mesh_of(4, 4, 2);
  std::vector<TerminalId> nodes = first_terminals(16);
  std::vector<Packet> unicasts;
  for (const TerminalId node : nodes) unicasts.push_back(copy(TerminalId(0), {node}));
  StepFlows flows(settings);
  const StepFlow tree = flow(flows, {copy(TerminalId(0), nodes)});
  const StepFlow each = flow(flows, unicasts);
  EXPECT_EQ(flows.alone(tree), Cycle(1));
  EXPECT_EQ(flows.alone(each), Cycle(16));
  // Every link of the tree once, and the ways out, against the sum of all distances.
  EXPECT_EQ(pattern_of(flows, tree).step.counters.flit_hops, 15 + 16);
  EXPECT_EQ(pattern_of(flows, each).step.counters.flit_hops, 16 * (1 + 3));  // on average 1.5 columns and 1.5 rows away
}

/// The closed form of packets that come to every link from one side, against flits.
RC_GTEST_PROP(StepFlows, PacketsThatDoNotMergeKeepUpWithTheBusiestLink, ()) {
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  MeshSettings settings =
      network_of(topology, *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::element(1, 2, 3, 4));
  settings.buffer = *rc::gen::inRange(6, 20);
  const auto nodes = static_cast<std::size_t>(settings.width * settings.height);
  std::vector<RepeatedPacket> packets;
  const auto from = *rc::gen::inRange<std::size_t>(0, nodes);
  const int kinds = *rc::gen::inRange(1, 6);
  for (int i = 0; i < kinds; ++i) {
    const auto first = *rc::gen::inRange<std::size_t>(0, nodes);
    std::vector<TerminalId> leaves;
    const auto count = *rc::gen::inRange<std::size_t>(1, 1 + nodes - first);
    for (std::size_t leaf = 0; leaf < count; ++leaf) leaves.emplace_back(first + leaf);
    const Packet packet = copy(TerminalId(from), leaves, settings.vcs == 1 ? 1 : *rc::gen::inRange<std::int64_t>(1, 5));
    packets.push_back({packet, *rc::gen::element<std::int64_t>(1, 1, 3), 8});
  }
  StepFlows flows(settings);
  const StepFlow step{{flows.intern(packets)}, Cycle(1)};
  const StepPattern& pattern = pattern_of(flows, step);
  const Cycle period = flows.alone(step);
  RC_PRE(flows.simulated() == 0U);
  RC_ASSERT(!try_flows(settings, {{&pattern, period}}).front().behind);
}

/// A step of many packets costs as much as one of few.
TEST(StepFlows, EqualPacketsAreOneFlow) {
  const MeshSettings settings = mesh_of(2, 1, 2);
  StepFlows flows(settings);
  const std::int64_t many = 1'000'000'000;
  const StepFlow flow{{flows.intern({{copy(at(settings, 0, 0), {at(settings, 1, 0)}), many, 8},
                                     {copy(at(settings, 1, 0), {at(settings, 1, 0)}), many, 8}})},
                      Cycle(1)};
  EXPECT_EQ(flows.alone(flow), Cycle(2 * many));
  const StepPattern::OneStep& step = pattern_of(flows, flow).step;
  EXPECT_NEAR(static_cast<double>(step.operands.value), 2.0 * many, 20);
  EXPECT_EQ(step.counters.deliveries, 2 * many);
}

/// Packets of a column of nodes each over a port of its own, or all over one: what the busiest link carries, with any
/// number of channels and any buffers.
struct BlockCase {
  std::int64_t rows;
  std::int64_t ports;
  PacketKind kind;
};
std::vector<Packet> block(const MeshSettings& settings, const BlockCase& c) {
  std::vector<Packet> packets;
  for (std::int64_t row = 0; row < c.rows; ++row) {
    for (std::int64_t column = 0; column < settings.width; ++column) {
      const auto port = static_cast<std::size_t>(column * c.ports / settings.width);
      const auto root = TerminalId(static_cast<std::size_t>(settings.width * settings.height) + port);
      packets.push_back({c.kind, root, {at(settings, column, row)}, 1, PacketTag(0)});
    }
  }
  return packets;
}

TEST(StepFlows, ABlockTakesWhatItsBusiestPortNeeds) {
  for (const BlockCase c :
       {BlockCase{2, 8, PacketKind::copy}, BlockCase{5, 8, PacketKind::sum}, BlockCase{8, 8, PacketKind::sum},
        BlockCase{3, 1, PacketKind::copy}, BlockCase{4, 1, PacketKind::sum}, BlockCase{8, 1, PacketKind::sum}}) {
    Cycle last(std::int64_t{1} << 40U);
    for (const std::int64_t vcs : {1, 2, 3, 4, 8, 16}) {
      for (const std::int64_t buffer : {4, 6, 8, 64}) {
        MeshSettings settings = mesh_of(8, 8, vcs);
        settings.buffer = buffer;
        for (std::int64_t port = 0; port < c.ports; ++port) {
          settings.ports.emplace_back(static_cast<std::size_t>(port * 8 / c.ports));
        }
        StepFlows flows(settings);
        const StepFlow step = flow(flows, block(settings, c));
        const std::int64_t least = 8 / c.ports * c.rows * (vcs == 1 ? 2 : 1);
        const Cycle period = flows.alone(step);
        EXPECT_GE(static_cast<double>(period.value), 0.98 * static_cast<double>(least)) << vcs << " " << buffer;
        EXPECT_LE(static_cast<double>(period.value), 1.1 * static_cast<double>(least)) << vcs << " " << buffer;
      }
      // More of everything is never slower, the latency included.
      MeshSettings settings = mesh_of(8, 8, vcs);
      for (std::int64_t port = 0; port < c.ports; ++port) {
        settings.ports.emplace_back(static_cast<std::size_t>(port * 8 / c.ports));
      }
      StepFlows flows(settings);
      const StepFlow step = flow(flows, block(settings, c));
      const StepPattern::OneStep& one = pattern_of(flows, step).step;
      const Cycle all = flows.alone(step) * 1000 + one.operands + one.results;
      EXPECT_LE(all, last) << vcs;
      last = all;
    }
  }
}

std::vector<Packet> random_step(const MeshSettings& settings) {
  const auto nodes = static_cast<std::size_t>(settings.width * settings.height);
  std::vector<Packet> packets;
  const int count = *rc::gen::inRange(1, 12);
  for (int i = 0; i < count; ++i) {
    const auto first = *rc::gen::inRange<std::size_t>(0, nodes);
    std::vector<TerminalId> leaves;
    const auto leaf_count = *rc::gen::inRange<std::size_t>(1, 1 + nodes - first);
    for (std::size_t leaf = 0; leaf < leaf_count; ++leaf) leaves.emplace_back(first + leaf);
    const auto kind = *rc::gen::element(PacketKind::copy, PacketKind::copy, PacketKind::sum);
    packets.push_back({kind, TerminalId(nodes + *rc::gen::inRange<std::size_t>(0, settings.ports.size())), leaves,
                       *rc::gen::inRange<std::int64_t>(1, 4), PacketTag(0)});
  }
  return packets;
}

/// Whatever a step sends: more channels and deeper buffers never make it slower.
RC_GTEST_PROP(StepFlows, MoreIsNeverSlower, ()) {
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  MeshSettings settings = network_of(topology, *rc::gen::inRange(1, 5), *rc::gen::inRange(1, 5), 1);
  for (std::int64_t column = 0; column < settings.width; ++column) {
    settings.ports.emplace_back(static_cast<std::size_t>(column));
  }
  const std::vector<Packet> packets = random_step(settings);
  const auto measured = [&](std::int64_t vcs, std::int64_t buffer) {
    settings.vcs = vcs;
    settings.buffer = buffer;
    StepFlows flows(settings);
    const StepFlow step = flow(flows, packets);
    const StepPattern::OneStep& one = pattern_of(flows, step).step;
    return std::array{flows.alone(step), one.operands, one.results};
  };
  const auto vcs = *rc::gen::inRange<std::int64_t>(settings.vcs, settings.vcs + 4),
             buffer = *rc::gen::inRange<std::int64_t>(4, 9);
  const auto few = measured(vcs, buffer);
  const auto more = measured(vcs + *rc::gen::inRange(0, 4), buffer + *rc::gen::inRange(0, 8));
  for (std::size_t i = 0; i < few.size(); ++i) RC_ASSERT(more[i] <= few[i]);
}

/// The period, by closed form or searched, is that of long trains, but for a few cycles until they run evenly: of the
/// fastest of those that are offered at the period or before it.
RC_GTEST_PROP(StepFlows, ThePeriodIsThatOfATrain, ()) {
  const auto topology = *rc::gen::element<std::string>("mesh", "torus");
  MeshSettings settings =
      network_of(topology, *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::element(1, 2, 3, 4));
  settings.buffer = *rc::gen::inRange(4, 10);
  const auto nodes = static_cast<std::size_t>(settings.width * settings.height);
  const auto leaves = first_terminals(*rc::gen::inRange<std::int64_t>(1, static_cast<std::int64_t>(nodes) + 1));
  const Packet packet{*rc::gen::element(PacketKind::copy, PacketKind::sum),
                      TerminalId(*rc::gen::inRange<std::size_t>(0, nodes)), leaves,
                      *rc::gen::inRange<std::int64_t>(1, std::min<std::int64_t>(9, settings.buffer + 1)), PacketTag(0)};
  const Cycle period(*rc::gen::inRange(1, 12));
  StepFlows flows(settings);
  const Cycle found = flows.alone(flow(flows, {packet}, period));
  const auto pace_of = [&](const MeshSettings& mesh_settings, Cycle offered) {
    Mesh mesh(mesh_settings);
    constexpr std::int64_t packets = 1000;
    mesh.inject_train(packet, Cycle(0), packets, offered);
    const NocArrivals arrivals = run_out(mesh);
    const TrainCompletion& train = arrivals.trains.front();
    return static_cast<double>((train.last - train.first).value) / (packets - 1);
  };
  double with_all = 1e9, best = 1e9;
  for (Cycle offered(1); offered <= found; offered += Cycle(1)) {
    with_all = std::min(with_all, pace_of(settings, offered));
    for (const MeshSettings& choice : network_choices(settings, packet.flits)) {
      best = std::min(best, pace_of(choice, offered));
    }
  }
  const auto cycles = static_cast<double>(period.value);
  RC_LOG() << settings.width << "x" << settings.height << " vcs " << settings.vcs << " buffer " << settings.buffer
           << (packet.kind == PacketKind::sum ? " sum of " : " copy to ") << leaves.size() << " at "
           << packet.root.value << ", flits " << packet.flits << ": " << found.value << ", trains " << with_all
           << ", best " << best;
  RC_ASSERT(static_cast<double>(found.value) > 0.98 * std::max(cycles, best));
  RC_ASSERT(static_cast<double>(found.value) < std::max(cycles, with_all) + 1);
}

}  // namespace
}  // namespace loopsim
