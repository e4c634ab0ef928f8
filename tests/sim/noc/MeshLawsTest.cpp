#include <gtest/gtest.h>

#include "sim/noc/Mesh.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {
namespace {

MeshSettings square(std::int64_t k, std::int64_t vcs) {
  MeshSettings settings;
  settings.width = settings.height = k;
  settings.vcs = vcs;
  return settings;
}

Packet unicast(std::uint32_t from, std::uint32_t to, std::int64_t flits, std::int64_t tag = 0) {
  Packet packet;
  packet.root = TerminalId(from);
  packet.leaves = {TerminalId(to)};
  packet.flits = flits;
  packet.tag = PacketTag(tag);
  return packet;
}

/// From the first injection, at cycle 0, to the last arrival, both counted.
std::int64_t cycles_of(Mesh& mesh) {
  NocArrivals arrivals;
  Cycle last;
  while (const auto next = mesh.next_event()) {
    mesh.advance(std::max(*next, last), arrivals);
    for (const Delivery& delivery : arrivals.deliveries) last = std::max(last, delivery.arrived);
    arrivals.clear();
  }
  return last.value + 1;
}

TEST(MeshLaws, ZeroLoadLatencyIsFourCyclesARouterAndTwo) {
  for (const std::int64_t vcs : {1, 2, 4}) {
    for (const std::int64_t flits : {1, 2, 5, 8, 20}) {
      for (std::uint32_t from = 0; from < 25; from += 3) {
        for (std::uint32_t to = 0; to < 25; ++to) {
          Mesh mesh(square(5, vcs));
          mesh.inject(unicast(from, to, flits), Cycle(0));
          const std::int64_t routers = mesh.topology().routers_between(TerminalId(from), TerminalId(to));
          EXPECT_EQ(cycles_of(mesh) - 1, 4 * routers + 2 + flits - 1) << from << " to " << to;
        }
      }
    }
  }
}

TEST(MeshLaws, AStreamTakesOneCycleAFlitAndOneAPacketWithOneChannel) {
  for (std::int64_t k = 2; k <= 9; ++k) {
    for (const std::int64_t vcs : {1, 2, 3, 4, 8, 16}) {
      for (const std::int64_t flits : {1, 2, 3, 5, 8, 9, 20}) {
        for (const std::int64_t packets : {1, 2, 10, 100}) {
          Mesh mesh(square(k, vcs));
          const auto last = static_cast<std::uint32_t>(k * k - 1);
          for (std::int64_t i = 0; i < packets; ++i) mesh.inject(unicast(0, last, flits, i), Cycle(0));
          const std::int64_t v = vcs == 1 ? 1 : 0, routers = 2 * k - 1;
          EXPECT_EQ(cycles_of(mesh), packets * (flits + v) + 4 * routers + 2 - v)
              << k << " nodes, " << vcs << " channels, " << flits << " flits, " << packets << " packets";
        }
      }
    }
  }
}

TEST(MeshLaws, AGatherIsBoundByTheSinksLink) {
  for (std::int64_t k = 2; k <= 9; ++k) {
    for (const std::int64_t vcs : {1, 2, 3, 4, 8, 16}) {
      for (const std::int64_t flits : {1, 2, 3, 5, 8, 9, 20}) {
        for (const std::int64_t packets : {1,4,10, 50}) {
          Mesh mesh(square(k, vcs));
          for (std::int64_t i = 0; i < packets; ++i) {
            for (std::uint32_t node = 0; node < k * k; ++node) mesh.inject(unicast(node, 0, flits, i), Cycle(0));
          }
          const std::int64_t v = vcs == 1 ? 1 : 0;
          EXPECT_EQ(cycles_of(mesh), packets * k * k * (flits + v) + 6 - v)
              << k << " nodes, " << vcs << " channels, " << flits << " flits, " << packets << " packets";
        }
      }
    }
  }
}

}  // namespace
}  // namespace loopsim
