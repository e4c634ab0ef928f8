#include "sim/noc/StepPattern.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "sim/noc/Mesh.hpp"
#include "sim/noc/NetworkChoices.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

struct UsedLink {
  LinkId link;
  std::optional<LinkId> before;  ///< from which the packet comes; nothing: from several, or from nowhere
};

/// Links of one of these packets, behind routers, then those of its sources.
std::vector<UsedLink> links_of(const MeshTopology& topology, const Packet& packet) {
  const RouteTree tree = make_route_tree(topology, packet);
  const bool copy = packet.kind == PacketKind::copy;
  std::vector<std::optional<LinkId>> into(tree.nodes.size());  ///< of a copy, by node
  if (copy) into[tree.entry.front()] = topology.injection_link(packet.root);
  std::vector<UsedLink> links;
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    const RouteTree::Node& node = tree.nodes[n];
    for (const RouteTree::Branch& branch : node.branches) {
      const LinkId link(std::size_t{node.router.value} * topology.radix() + branch.output);
      links.push_back({link, into[n]});
      if (copy && branch.next != RouteTree::none) into[branch.next] = link;
    }
  }
  if (copy) {
    links.push_back({topology.injection_link(packet.root), std::nullopt});
  } else {
    for (const TerminalId leaf : packet.leaves) links.push_back({topology.injection_link(leaf), std::nullopt});
  }
  return links;
}

/// All packets wait at their sources from the beginning. Those that are equal are followed one a cycle, as a train, and
/// what they have waited before is added.
StepPattern::OneStep simulate_alone(const MeshSettings& settings, const std::vector<RepeatedPacket>& packets) {
  Mesh mesh(settings);
  for (const RepeatedPacket& one : packets) mesh.inject_train(one.packet, Cycle(0), one.count, Cycle(1));
  NocArrivals arrivals;
  while (const auto next = mesh.next_event()) mesh.advance(*next, arrivals);
  StepPattern::OneStep step;
  step.counters = mesh.counters();
  for (const TrainCompletion& train : arrivals.trains) {
    const RepeatedPacket& one = packets[static_cast<std::size_t>(train.tag.value)];
    Cycle& last = one.packet.kind == PacketKind::copy ? step.operands : step.results;
    last = std::max(last, train.last);
    const std::int64_t deliveries = train.deliveries / one.count;
    step.counters.latency += Cycle(deliveries * (one.count * (one.count - 1) / 2));
    step.counters.max_latency = std::max(step.counters.max_latency, train.last);
  }
  return step;
}

/// What the packets of one kind take at the least: all over one link, and the way of the nearest of them beside.
class LeastTime {
 public:
  LeastTime(const MeshTopology& topology, const RouterDelays& delays) : topology_(topology), delays_(delays) {}

  void add(const RepeatedPacket& one, const std::vector<UsedLink>& links) {
    std::int64_t routers = 0;
    for (const TerminalId leaf : one.packet.leaves) {
      const std::int64_t there = topology_.routers_between(one.packet.root, leaf);
      // A sum waits for all of its shares.
      const bool first = routers == 0;
      routers = first                                ? there
                : one.packet.kind == PacketKind::sum ? std::max(routers, there)
                                                     : std::min(routers, there);
    }
    for (const UsedLink& used : links) {
      Load& load = loads_.emplace(used.link, Load{0, routers}).first->second;
      load.flits += one.count * one.packet.flits;
      load.routers = std::min(load.routers, routers);
    }
  }

  Cycle value() const {
    Cycle least;
    for (const auto& [link, load] : loads_) {
      least = std::max(least, delays_.injection() + delays_.hop() * load.routers + Cycle(load.flits - 1));
    }
    return least;
  }

 private:
  struct Load {
    std::int64_t flits = 0;
    std::int64_t routers = 0;  ///< on the way of the nearest packet
  };
  const MeshTopology& topology_;
  const RouterDelays& delays_;
  std::map<LinkId, Load> loads_;
};

/// A step of more flits times routers is followed once.
constexpr std::int64_t most_flit_hops = 10'000;

/// `least`: nothing to look for below this.
StepPattern::OneStep simulate_best(const MeshSettings& settings, const StepPattern& pattern,
                                   const StepPattern::OneStep& least) {
  const std::vector<MeshSettings> choices = network_choices(settings, pattern.longest);
  StepPattern::OneStep best = simulate_alone(choices.front(), pattern.packets);
  if (!pattern.merges || best.counters.flit_hops > most_flit_hops) return best;
  for (std::size_t i = 1; i < choices.size(); ++i) {
    if (best.operands <= least.operands && best.results <= least.results) break;
    try {
      const StepPattern::OneStep other = simulate_alone(choices[i], pattern.packets);
      best.operands = std::min(best.operands, other.operands);
      best.results = std::min(best.results, other.results);
    } catch (const DeadlockError&) {
      continue;  // not a way in which the mesh can be used
    }
  }
  return best;
}

}  // namespace

StepPattern make_step_pattern(const MeshSettings& settings, const MeshTopology& topology,
                              std::vector<RepeatedPacket> packets) {
  StepPattern pattern;
  std::map<LinkId, StepPattern::LinkLoad> loads;
  std::map<LinkId, std::optional<LinkId>> before;  // each link, of the first packet that uses it
  LeastTime copies(topology, settings.delays), sums(topology, settings.delays);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    Packet& packet = packets[i].packet;
    packet.tag = PacketTag(static_cast<std::int64_t>(i));
    pattern.longest = std::max(pattern.longest, packet.flits);
    pattern.most = std::max(pattern.most, packets[i].count);
    const std::vector<UsedLink> links = links_of(topology, packet);
    (packet.kind == PacketKind::copy ? copies : sums).add(packets[i], links);
    for (const UsedLink& used : links) {
      const LinkId link = used.link;
      if (link < topology.injection_link(TerminalId(0))) {
        pattern.bit_hops += packets[i].count * packets[i].bits;
        const auto [first, added] = before.emplace(link, used.before);
        pattern.merges |= !added && (!used.before || first->second != used.before);
      }
      StepPattern::LinkLoad& load = loads.emplace(link, StepPattern::LinkLoad{link}).first->second;
      load.packets += packets[i].count;
      load.flits += packets[i].count * packet.flits;
    }
  }
  for (const auto& [link, load] : loads) pattern.links.push_back(load);
  pattern.packets = std::move(packets);
  pattern.step = simulate_best(settings, pattern, {copies.value(), sums.value(), {}});
  return pattern;
}

}  // namespace loopsim
