// Packets of steps on the networks of the machine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/noc/ArrayNetwork.hpp"
#include "sim/ports/PortCore.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t line_bits = 64;
constexpr MeshExtent four_by_four{4, 4};

NocSettings one_port(std::int64_t networks = 1) {
  NocSettings settings;
  settings.buffer_ports = 1;
  settings.side_ports = 1;
  settings.networks = networks;
  return settings;
}

StepPacket packet(std::vector<PeNode> nodes, std::size_t operand = 0, bool sum = false) {
  return {sum, LevelId(1), operand, line_bits, std::move(nodes)};
}

std::vector<PeNode> all_nodes() {
  std::vector<PeNode> nodes;
  for (std::int64_t row = 0; row < 4; ++row) {
    for (std::int64_t column = 0; column < 4; ++column) nodes.push_back({column, row});
  }
  return nodes;
}

Cycle pace_of(ArrayNetwork& network, const std::vector<StepPacket>& packets) {
  return network.paces({{network.load_of({&packets}, 0), Cycle(1)}}).front().all;
}

TEST(ArrayNetwork, AMulticastBeatsUnicasts) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  const std::vector<StepPacket> multicast{packet(all_nodes())};
  std::vector<StepPacket> unicasts;
  for (const PeNode node : all_nodes()) unicasts.push_back(packet({node}));
  EXPECT_EQ(pace_of(network, multicast), Cycle(1));
  EXPECT_EQ(pace_of(network, unicasts), Cycle(16));
}

TEST(ArrayNetwork, PortsTakeWhatIsNearest) {
  const std::vector<StepPacket> columns{packet({{0, 0}}), packet({{1, 0}}), packet({{2, 0}}), packet({{3, 0}})};
  ArrayNetwork one(one_port(), line_bits, four_by_four);
  EXPECT_EQ(pace_of(one, columns), Cycle(4));
  ArrayNetwork each(NocSettings(), line_bits, four_by_four);
  EXPECT_EQ(pace_of(each, columns), Cycle(1));
  EXPECT_EQ(each.delays(each.load_of({&columns}, 0)).operands, Cycle(4 + 2));  // one router of 4 cycles, 2 at the ends
}

TEST(ArrayNetwork, OperandsGoRoundTheNetworks) {
  const std::vector<StepPacket> operands{packet(all_nodes(), 0), packet(all_nodes(), 1)};
  ArrayNetwork shared(one_port(), line_bits, four_by_four);
  EXPECT_EQ(pace_of(shared, operands), Cycle(2));
  ArrayNetwork apart(one_port(2), line_bits, four_by_four);
  EXPECT_EQ(pace_of(apart, operands), Cycle(1));
}

TEST(ArrayNetwork, PacketsAreAsLongAsTheirBits) {
  NocSettings settings = one_port();
  settings.flit_bits = 24;
  ArrayNetwork network(settings, line_bits, four_by_four);
  EXPECT_EQ(pace_of(network, {packet({{3, 3}})}), Cycle(3));
}

TEST(ArrayNetwork, FlowsThatShareALinkSlowEachOther) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  const std::vector<StepPacket> near{packet({{0, 1}})};
  const LoadId left = network.load_of({&near}, 0);
  const LoadId right = network.load_of({&near}, 2);
  const auto paces = network.paces({{left, Cycle(1)}, {right, Cycle(1)}});
  for (const ArrayNetwork::Pace& pace : paces) {
    EXPECT_EQ(pace.all, Cycle(2));
    EXPECT_EQ(pace.alone, Cycle(1));
  }
  EXPECT_EQ(network.paces({{left, Cycle(4)}, {right, Cycle(4)}}).front().all, Cycle(4));
}

/// Two operands whose packets fill the same links, on one network and on one each.
TEST(ArrayNetwork, SaysWhatANetworkForEachOperandWouldSave) {
  const std::vector<StepPacket> operands{packet(all_nodes(), 0), packet(all_nodes(), 1)};
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  const LoadId load = network.load_of({&operands}, 0);
  EXPECT_EQ(network.paces({{load, Cycle(1)}}).front().alone, Cycle(2));
  std::vector<std::int64_t> steps(load.value + 1);
  steps[load.value] = 10;
  const auto more = network.more_networks(steps);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->networks, 2);
  EXPECT_EQ(more->saved_cycles, 10);
  // An array that is no faster itself waits for nothing.
  network.paces({{load, Cycle(5)}});
  EXPECT_EQ(network.more_networks(steps)->saved_cycles, 0);
  ArrayNetwork enough(one_port(2), line_bits, four_by_four);
  EXPECT_FALSE(enough.more_networks({0}));
}

TEST(ArrayNetwork, SumsAreAddedOnAMeshAlone) {
  const std::vector<StepPacket> sums{packet(all_nodes(), 0, true)};
  ArrayNetwork mesh(one_port(), line_bits, four_by_four);
  EXPECT_TRUE(mesh.adds());
  const ArrayNetwork::Delays delays = mesh.delays(mesh.load_of({&sums}, 0));
  EXPECT_EQ(delays.operands, Cycle(0));
  EXPECT_EQ(delays.results, Cycle(6 * 4 + 2));  // from the far corner to column 1
  NocSettings wires = one_port();
  wires.topology = "bus";
  ArrayNetwork bus(wires, line_bits, four_by_four);
  EXPECT_FALSE(bus.adds());
  EXPECT_EQ(bus.wires_of(bus.load_of({&sums}, 0)).front().cycles, 1);
}

TEST(ArrayNetwork, ABusCarriesOnePacketACycleACrossbarOneAPort) {
  const std::vector<StepPacket> columns{packet({{0, 0}}), packet({{2, 3}})};
  NocSettings settings;
  settings.networks = 1;
  settings.topology = "bus";
  ArrayNetwork bus(settings, line_bits, four_by_four);
  ASSERT_EQ(bus.wires(), 1U);
  EXPECT_EQ(bus.wires_of(bus.load_of({&columns}, 0)).front().cycles, 2);
  settings.topology = "crossbar";
  ArrayNetwork crossbar(settings, line_bits, four_by_four);
  const auto& wires = crossbar.wires_of(crossbar.load_of({&columns}, 0));
  ASSERT_EQ(wires.size(), 2U);
  for (const ArrayNetwork::Wire wire : wires) {
    EXPECT_LT(wire.number, crossbar.wires());
    EXPECT_EQ(wire.cycles, 1);
  }
  // Two packets for one PE take two cycles of its wire.
  EXPECT_EQ(pace_of(crossbar, {packet({{1, 1}}), packet({{1, 1}})}), Cycle(2));
}

TEST(ArrayNetwork, CountsWhatStepsSent) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  const std::vector<StepPacket> multicast{packet(all_nodes())};
  const LoadId load = network.load_of({&multicast}, 0);
  std::vector<std::int64_t> steps(load.value + 1);
  steps[load.value] = 10;
  const NocCounters counters = network.counters(steps);
  EXPECT_EQ(counters.packets, 10);
  EXPECT_EQ(counters.bits, 10 * line_bits);
  ASSERT_TRUE(counters.network);
  EXPECT_EQ(counters.network->flits, 10);
  EXPECT_EQ(counters.network->deliveries, 160);
  EXPECT_EQ(counters.network->flit_hops, 10 * (15 + 16));
  EXPECT_EQ(counters.network->bit_hops, 10.0 * (15 + 16) * line_bits);
  ASSERT_FALSE(counters.network->busiest.empty());
  EXPECT_EQ(counters.network->busiest.front().flits, 10);
  EXPECT_EQ(counters.busy_cycles, 10);
}

/// A multicast tree from the port at column 1: along the top row both ways, then down every column.
TEST(ArrayNetwork, CountsEveryLinkOfTheMesh) {
  ArrayNetwork network(one_port(2), line_bits, four_by_four);
  const std::vector<StepPacket> multicast{packet(all_nodes())};
  const std::vector<StepPacket> sums{packet({{2, 2}}, 1, true)};
  const LoadId load = network.load_of({&multicast, &sums}, 0);
  std::vector<std::int64_t> steps(load.value + 1);
  steps[load.value] = 10;
  const NocCounters counters = network.counters(steps);
  ASSERT_EQ(counters.network->meshes.size(), 2U);
  const MeshLoad& copies = counters.network->meshes[0];
  EXPECT_EQ(copies.columns, 4);
  EXPECT_EQ(copies.rows, 4);
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(copies.east[i], i == 1 || i == 2 ? 10 : 0) << i;
    EXPECT_EQ(copies.west[i], i == 1 ? 10 : 0) << i;
    EXPECT_EQ(copies.south[i], i < 12 ? 10 : 0) << i;
    EXPECT_EQ(copies.north[i] + copies.node_in[i], 0) << i;
    EXPECT_EQ(copies.node_out[i], 10) << i;
  }
  ASSERT_EQ(copies.buffer_ports.size(), 1U);
  EXPECT_EQ(copies.buffer_ports[0].in, 10);
  EXPECT_EQ(copies.buffer_ports[0].out, 0);
  // The sum goes from (2,2) west, then north to the port.
  const MeshLoad& results = counters.network->meshes[1];
  EXPECT_EQ(results.node_in[2 * 4 + 2], 10);
  EXPECT_EQ(results.west[2 * 4 + 2], 10);
  EXPECT_EQ(results.north[2 * 4 + 1] + results.north[1 * 4 + 1], 20);
  EXPECT_EQ(results.buffer_ports[0].out, 10);
}

/// Packets for rows come from the left, each along its own row; the same in columns comes from the top.
TEST(ArrayNetwork, RowsAreServedAsColumnsAre) {
  std::vector<StepPacket> rows, columns;
  for (std::int64_t i = 0; i < 4; ++i) {
    std::vector<PeNode> row, column;
    for (std::int64_t j = 0; j < 4; ++j) {
      row.push_back({j, i});
      column.push_back({i, j});
    }
    rows.push_back(packet(row));
    rows.push_back(packet(row, 1, true));
    columns.push_back(packet(column));
    columns.push_back(packet(column, 1, true));
  }
  ArrayNetwork network(NocSettings(), line_bits, four_by_four);
  for (const auto* packets : {&rows, &columns}) {
    EXPECT_EQ(pace_of(network, *packets), Cycle(1));
    const ArrayNetwork::Delays delays = network.delays(network.load_of({packets}, 0));
    EXPECT_EQ(delays.operands, Cycle(4 * 4 + 2));
    EXPECT_EQ(delays.results, Cycle(4 * 4 + 2));
  }
}

/// What words a packet has does not matter, only how many packets there are.
TEST(ArrayNetwork, EqualPacketsAreCounted) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  std::vector<StepPacket> many{packet({{3, 3}})};
  many.front().count = 1'000'000'000;
  EXPECT_EQ(pace_of(network, many), Cycle(1'000'000'000));
  const LoadId load = network.load_of({&many}, 0);
  EXPECT_EQ(network.delays(load).operands, Cycle(999'999'999 + 6 * 4 + 2));
  const NocCounters counters = network.counters(std::vector<std::int64_t>(load.value + 1, 1));
  EXPECT_EQ(counters.packets, 1'000'000'000);
  EXPECT_EQ(counters.network->flit_hops, 6'000'000'000);
  EXPECT_EQ(network.packets(load).front().count, 1'000'000'000);
}

/// The rest of a flit carries nothing.
TEST(ArrayNetwork, CountsTheBitsOfWordsThatHop) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  std::vector<StepPacket> packets{packet({{1, 0}})};
  packets.front().bits = line_bits / 4;
  const LoadId load = network.load_of({&packets}, 0);
  const NocCounters counters = network.counters(std::vector<std::int64_t>(load.value + 1, 1));
  EXPECT_EQ(counters.network->flit_hops, 1);
  EXPECT_EQ(counters.network->bit_hops, line_bits / 4);
}

/// Two arrays whose steps meet on a link: each takes twice as long, for the other's sake.
TEST(ArrayNetwork, StepsWaitForTheMesh) {
  ArrayNetwork network(one_port(), line_bits, four_by_four);
  PortCore core(Clock(1'000'000'000), &network);
  const std::vector<StepPacket> near{packet({{0, 1}})};
  const std::vector<StepPacket> twice{packet({{0, 1}}), packet({{0, 1}})};
  const auto run = [&](const std::vector<StepPacket>& packets, std::int64_t left) {
    return core.make_job({{100, core.add_step({1, {}, network.load_of({&packets}, left)})}});
  };
  const auto detail = [&](UserIndex user, PortDetail which) {
    Picoseconds sum;
    for (const auto& [id, time] : core.spent(user).waits) sum += core.wait(id).detail == which ? time : Picoseconds();
    return Cycle(sum.value / 1'000);
  };
  const UserIndex first = core.add_user();
  const UserIndex second = core.add_user();
  core.start(first, Picoseconds(0), run(twice, 0));
  EXPECT_EQ(core.earliest_end(first), Picoseconds(100'000));  // the network is not looked at
  EXPECT_FALSE(core.finished(first, Picoseconds(199'999)));
  ASSERT_TRUE(core.finished(first, Picoseconds(200'000)));
  EXPECT_EQ(core.spent(first).compute, Cycle(100));
  EXPECT_EQ(detail(first, PortDetail::serialization), Cycle(100));
  EXPECT_EQ(detail(first, PortDetail::arbitration), Cycle(0));

  core.start(first, Picoseconds(200'000), run(near, 0));
  core.start(second, Picoseconds(200'000), run(near, 2));
  EXPECT_FALSE(core.finished(first, Picoseconds(399'999)));
  ASSERT_TRUE(core.finished(first, Picoseconds(400'000)));
  ASSERT_TRUE(core.finished(second, Picoseconds(400'000)));
  for (const UserIndex user : {first, second}) {
    EXPECT_EQ(core.spent(user).stall[static_cast<std::size_t>(StallCause::noc)], Cycle(100));
    EXPECT_EQ(detail(user, PortDetail::arbitration), Cycle(100));
    EXPECT_EQ(detail(user, PortDetail::serialization), Cycle(0));
  }
  EXPECT_EQ(core.steps_of_loads()[network.load_of({&near}, 2).value], 100);
}

TEST(ArrayNetwork, LinksHaveNames) {
  ArrayNetwork network(one_port(2), line_bits, four_by_four);
  const std::vector<StepPacket> far{packet({{3, 0}}, 1)};
  const LoadId load = network.load_of({&far}, 0);
  std::vector<std::int64_t> steps(load.value + 1, 1);
  EXPECT_THAT(network.counters(steps).network->busiest.front().name, HasSubstr("network 1: "));
}

TEST(ArrayNetwork, NamesThePacketsOfALoad) {
  ArrayNetwork network(one_port(2), line_bits, four_by_four);
  const std::vector<StepPacket> packets{packet({{0, 0}, {1, 0}, {0, 2}}), packet({{0, 0}, {1, 0}, {0, 1}, {1, 1}}, 1),
                                        packet({{1, 3}}, 2, true)};
  const std::vector<ArrayNetwork::LoadPacket> named = network.packets(network.load_of({&packets}, 2));
  ASSERT_EQ(named.size(), 3U);
  EXPECT_EQ(network.describe({named[0].packet.root}), "buffer0");
  EXPECT_EQ(network.describe(named[0].packet.leaves), "2:0 3:0 2:2");
  EXPECT_EQ(network.describe(named[1].packet.leaves), "2-3:0-1");
  EXPECT_EQ(network.describe(named[2].packet.leaves), "3:3");
  EXPECT_EQ(named[0].network, 0U);
  EXPECT_EQ(named[1].network, 1U);
  EXPECT_EQ(named[2].network, 0U);
  EXPECT_EQ(named[2].operand, 2U);
  EXPECT_EQ(named[2].packet.kind, PacketKind::sum);
  EXPECT_EQ(named[1].bits, line_bits);
}

}  // namespace
}  // namespace loopsim
