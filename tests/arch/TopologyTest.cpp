// What every topology of the table must hold, and what is particular to the torus.

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <queue>
#include <set>
#include <string>

#include "arch/topologies/TopologyTable.hpp"

namespace loopsim {
namespace {

struct Size {
  std::uint32_t columns, rows;
};

std::vector<Size> sizes() {
  std::vector<Size> all;
  for (std::uint32_t columns = 1; columns <= 6; ++columns) {
    for (std::uint32_t rows = 1; rows <= 6; ++rows) all.push_back({columns, rows});
  }
  for (const Size size : {Size{9, 1}, Size{1, 8}, Size{2, 9}, Size{8, 7}}) all.push_back(size);
  return all;
}

/// Over every topology and size, with a name for messages.
template <class Check>
void for_all(Check check) {
  for (const TopologyKind& kind : topology_table()) {
    for (const Size size : sizes()) {
      SCOPED_TRACE(std::string(kind.name) + " " + std::to_string(size.columns) + "x" + std::to_string(size.rows));
      check(kind, *kind.make(size.columns, size.rows));
    }
  }
}

std::vector<RouterId> all_routers(const Topology& topology) {
  std::vector<RouterId> all;
  for (std::size_t router = 0; router < topology.routers(); ++router) all.emplace_back(router);
  return all;
}

/// Links from one router to each, by search.
std::vector<int> distances(const Topology& topology, RouterId from) {
  std::vector<int> distance(topology.routers(), -1);
  std::queue<RouterId> left;
  distance[from.value] = 0;
  for (left.push(from); !left.empty(); left.pop()) {
    for (Port port = 0; port < topology.directions(); ++port) {
      const auto next = topology.neighbour(left.front(), port);
      if (!next || distance[next->router.value] >= 0) continue;
      distance[next->router.value] = distance[left.front().value] + 1;
      left.push(next->router);
    }
  }
  return distance;
}

struct Hop {
  RouterId at;
  Port port = 0;
  std::uint32_t channel_class = 0;
};

std::vector<Hop> way_of(const Topology& topology, Way way, RouterId from, RouterId to) {
  std::vector<Hop> hops;
  for (RouterId at = from; at != to && hops.size() <= topology.routers();) {
    const Port port = topology.route(at, to);
    hops.push_back({at, port, topology.channel_class(way, from, at, to)});
    at = topology.neighbour(at, port).value().router;
  }
  return hops;
}

TEST(Topology, LinksLeadToAnotherRouterAndBack) {
  for_all([](const TopologyKind&, const Topology& topology) {
    for (const RouterId router : all_routers(topology)) {
      std::set<std::uint32_t> reached;
      for (Port port = 0; port < topology.directions(); ++port) {
        const auto next = topology.neighbour(router, port);
        if (!next) continue;
        ASSERT_LT(next->router.value, topology.routers());
        EXPECT_NE(next->router, router);
        EXPECT_TRUE(reached.insert(next->router.value).second) << "two pairs of links between the same routers";
        const auto back = topology.neighbour(next->router, next->port);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->router, router);
        EXPECT_EQ(back->port, port);
      }
    }
  });
}

TEST(Topology, EveryWayIsAsShortAsASearchFinds) {
  for_all([](const TopologyKind&, const Topology& topology) {
    for (const RouterId from : all_routers(topology)) {
      const std::vector<int> distance = distances(topology, from);
      for (const RouterId to : all_routers(topology)) {
        EXPECT_EQ(static_cast<int>(way_of(topology, Way::single, from, to).size()), distance[to.value])
            << from.value << " to " << to.value;
      }
    }
  });
}

TEST(Topology, CopiesFormATreeAndALinkOfItHasOneClass) {
  for_all([](const TopologyKind&, const Topology& topology) {
    for (const RouterId root : all_routers(topology)) {
      std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> into;  // by router: from where, in which class
      for (const RouterId leaf : all_routers(topology)) {
        for (const Hop& hop : way_of(topology, Way::parting, root, leaf)) {
          const RouterId next = topology.neighbour(hop.at, hop.port)->router;
          const std::pair link(hop.at.value, hop.channel_class);
          EXPECT_EQ(into.emplace(next.value, link).first->second, link);
        }
      }
      EXPECT_EQ(into.count(root.value), 0U);
    }
  });
}

TEST(Topology, SharesOfASumMeetAndGoOnInOneClass) {
  for_all([](const TopologyKind&, const Topology& topology) {
    for (const RouterId root : all_routers(topology)) {
      std::map<std::uint32_t, std::pair<Port, std::uint32_t>> out;  // by router
      for (const RouterId leaf : all_routers(topology)) {
        for (const Hop& hop : way_of(topology, Way::meeting, leaf, root)) {
          const std::pair link(hop.port, hop.channel_class);
          EXPECT_EQ(out.emplace(hop.at.value, link).first->second, link);
        }
      }
    }
  });
}

/// Links, told apart by classes, as numbers; a link of any class is all of them.
std::vector<std::size_t> channels_of(const TopologyKind& kind, const Topology& topology, const Hop& hop) {
  const std::size_t first = (std::size_t{hop.at.value} * topology.directions() + hop.port) * kind.channel_classes;
  if (hop.channel_class != Topology::any_class) return {first + hop.channel_class};
  std::vector<std::size_t> all;
  for (std::size_t one = 0; one < kind.channel_classes; ++one) all.push_back(first + one);
  return all;
}

/// Dally and Seitz: no deadlock if what packets hold and what they ask for next form no circle, all kinds of ways taken
/// together.
TEST(Topology, NoWaysWaitForEachOtherInACircle) {
  for_all([](const TopologyKind& kind, const Topology& topology) {
    const std::size_t channels = std::size_t{topology.routers()} * topology.directions() * kind.channel_classes;
    std::vector<std::set<std::size_t>> next(channels);
    for (const Way way : {Way::single, Way::parting, Way::meeting}) {
      for (const RouterId from : all_routers(topology)) {
        for (const RouterId to : all_routers(topology)) {
          const std::vector<Hop> hops = way_of(topology, way, from, to);
          for (const Hop& hop : hops) {
            ASSERT_TRUE(hop.channel_class < kind.channel_classes || hop.channel_class == Topology::any_class);
          }
          for (std::size_t i = 1; i < hops.size(); ++i) {
            for (const std::size_t held : channels_of(kind, topology, hops[i - 1])) {
              for (const std::size_t asked : channels_of(kind, topology, hops[i])) next[held].insert(asked);
            }
          }
        }
      }
    }
    std::vector<int> waiting_for_it(channels);
    for (const auto& asked : next) {
      for (const std::size_t one : asked) ++waiting_for_it[one];
    }
    std::vector<std::size_t> free;
    for (std::size_t one = 0; one < channels; ++one) {
      if (waiting_for_it[one] == 0) free.push_back(one);
    }
    std::size_t ordered = 0;
    while (!free.empty()) {
      const std::size_t one = free.back();
      free.pop_back();
      ++ordered;
      for (const std::size_t asked : next[one]) {
        if (--waiting_for_it[asked] == 0) free.push_back(asked);
      }
    }
    EXPECT_EQ(ordered, channels);
  });
}

TEST(Topology, ATorusClosesRingsOfThreeAndMore) {
  const auto torus = find_topology("torus")->make(4, 4);
  EXPECT_EQ(torus->neighbour(RouterId(3), east)->router, RouterId(0));
  EXPECT_EQ(torus->neighbour(RouterId(0), west)->router, RouterId(3));
  EXPECT_EQ(torus->neighbour(RouterId(1), north)->router, RouterId(13));
  EXPECT_EQ(torus->neighbour(RouterId(13), south)->router, RouterId(1));
  EXPECT_EQ(way_of(*torus, Way::single, RouterId(0), RouterId(15)).size(), 2U);
  // Two routers are linked once, one not at all.
  const auto two = find_topology("torus")->make(2, 1);
  EXPECT_EQ(two->neighbour(RouterId(0), east)->router, RouterId(1));
  EXPECT_FALSE(two->neighbour(RouterId(1), east));
  EXPECT_FALSE(two->neighbour(RouterId(0), west));
  EXPECT_FALSE(two->neighbour(RouterId(0), south));
}

TEST(Topology, HalfWayRoundATorusGoesByWhereItStarts) {
  const auto torus = find_topology("torus")->make(4, 4);
  EXPECT_EQ(torus->route(RouterId(0), RouterId(2)), east);
  EXPECT_EQ(torus->route(RouterId(1), RouterId(3)), west);
  EXPECT_EQ(torus->route(RouterId(0), RouterId(8)), south);
  EXPECT_EQ(torus->route(RouterId(4), RouterId(12)), north);
}

}  // namespace
}  // namespace loopsim
