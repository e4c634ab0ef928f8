// Which port of the array's edges a packet takes.

#include <gtest/gtest.h>

#include "sim/noc/NetworkPorts.hpp"

namespace loopsim {
namespace {

constexpr MeshExtent mesh{8, 4};

TerminalId at(std::int64_t column, std::int64_t row) {
  return TerminalId(static_cast<std::size_t>(row * mesh.columns + column));
}

std::vector<TerminalId> block(std::int64_t left, std::int64_t top, std::int64_t columns, std::int64_t rows) {
  std::vector<TerminalId> nodes;
  for (std::int64_t row = top; row < top + rows; ++row) {
    for (std::int64_t column = left; column < left + columns; ++column) nodes.push_back(at(column, row));
  }
  return nodes;
}

TEST(NetworkPorts, OnePortAColumnAndARowUnlessStated) {
  const NetworkPorts ports(NocSettings(), mesh);
  EXPECT_EQ(ports.top(), 8U);
  EXPECT_EQ(ports.left(), 4U);
  EXPECT_EQ(ports.terminals(), 32 + 8 + 4 + 1);
  EXPECT_EQ(ports.routers()[8 + 3], RouterId(3 * 8));
  EXPECT_EQ(ports.routers().back(), RouterId(3 * 8 + 3));  // main memory's, in the middle
}

TEST(NetworkPorts, WideOnesComeFromTheLeftAtTheMedianOfTheirRows) {
  const NetworkPorts ports(NocSettings(), mesh);
  EXPECT_EQ(ports.name(ports.buffer_port(block(2, 1, 3, 1), {})), "side1");
  EXPECT_EQ(ports.name(ports.buffer_port(block(2, 1, 8 - 2, 3), {})), "side2");
  EXPECT_EQ(ports.name(ports.buffer_port(block(0, 0, 8, 2), {})), "side0");  // between two ports: the first
  EXPECT_EQ(ports.name(ports.buffer_port({at(0, 3), at(2, 3)}, {})), "side3");
}

TEST(NetworkPorts, HighOnesComeFromTheTopAtTheMedianOfTheirColumns) {
  const NetworkPorts ports(NocSettings(), mesh);
  EXPECT_EQ(ports.name(ports.buffer_port(block(5, 0, 1, 4), {})), "buffer5");
  EXPECT_EQ(ports.name(ports.buffer_port(block(4, 0, 3, 4), {})), "buffer5");
  // Two in column 0 and one in column 2: the median is 0.
  EXPECT_EQ(ports.name(ports.buffer_port({at(0, 0), at(0, 3), at(2, 1)}, {})), "buffer0");
}

TEST(NetworkPorts, SquareOnesGoByAllOfTheirTensor) {
  const NetworkPorts ports(NocSettings(), mesh);
  EXPECT_EQ(ports.name(ports.buffer_port({at(5, 2)}, {2, 3})), "side2");
  EXPECT_EQ(ports.name(ports.buffer_port({at(5, 2)}, {3, 3})), "buffer5");
  EXPECT_EQ(ports.name(ports.buffer_port({at(5, 2)}, {3, 2})), "buffer5");
}

TEST(NetworkPorts, TheNearestOfThoseThereAre) {
  NocSettings settings;
  settings.buffer_ports = 2;  // columns 1 and 5
  settings.side_ports = 1;
  settings.dram_ports = 2;
  const NetworkPorts ports(settings, mesh);
  EXPECT_EQ(ports.name(ports.buffer_port({at(3, 0)}, {})), "buffer0");
  EXPECT_EQ(ports.name(ports.buffer_port({at(4, 0)}, {})), "buffer1");
  EXPECT_EQ(ports.name(ports.buffer_port(block(3, 0, 2, 4), {})), "buffer1");  // median 3.5
  EXPECT_EQ(ports.name(ports.buffer_port(block(0, 3, 8, 1), {})), "side0");
  EXPECT_EQ(ports.name(ports.dram_port(block(6, 0, 1, 4))), "dram1");
  EXPECT_EQ(ports.name(ports.dram_port(block(0, 3, 8, 1))), "dram1");
}

TEST(NetworkPorts, NoMoreThanTheEdgeHasPes) {
  NocSettings settings;
  settings.buffer_ports = settings.side_ports = settings.dram_ports = 28;
  const NetworkPorts ports(settings, {1, 1});
  EXPECT_EQ(ports.terminals(), 1 + 3);
}

}  // namespace
}  // namespace loopsim
