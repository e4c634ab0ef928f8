#include "sim/noc/StepPattern.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/CheckedMath.hpp"
#include "sim/noc/Mesh.hpp"
#include "sim/noc/NetworkChoices.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

struct UsedLink {
  LinkId link;
  std::optional<LinkId> before;  ///< from which the packet comes; nothing: from several, or from nowhere
  std::uint32_t channel_class = Topology::any_class;
};

/// What goes over a link in a step.
struct LinkUse {
  std::int64_t flits = 0;
  std::int64_t packets = 0;
  std::vector<std::int64_t> of_class;  ///< flits and packets of those that are bound to a class of channels

  void add(const UsedLink& used, std::int64_t more_flits, std::int64_t more_packets) {
    flits += more_flits;
    packets += more_packets;
    if (used.channel_class == Topology::any_class) return;
    if (of_class.size() <= used.channel_class) of_class.resize(used.channel_class + 1);
    of_class[used.channel_class] += more_flits + more_packets;
  }

  std::int64_t cycles(std::int64_t vcs, std::int64_t channel_classes) const {
    if (vcs == 1) return flits + packets;
    std::int64_t most = flits;
    for (std::size_t one = 0; one < of_class.size(); ++one) {
      const auto number = static_cast<std::int64_t>(one);
      const std::int64_t end = ceil_divide((number + 1) * vcs, channel_classes);
      if (end - ceil_divide(number * vcs, channel_classes) == 1) most = std::max(most, of_class[one]);
    }
    return most;
  }
};

/// Links of one of these packets, behind routers, then those of its sources.
std::vector<UsedLink> links_of(const RouterMap& map, const Packet& packet) {
  const RouteTree tree = make_route_tree(map, packet);
  const bool copy = packet.kind == PacketKind::copy;
  std::vector<std::optional<LinkId>> into(tree.nodes.size());  ///< of a copy, by node
  if (copy) into[tree.entry.front()] = map.injection_link(packet.root);
  std::vector<UsedLink> links;
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    const RouteTree::Node& node = tree.nodes[n];
    for (const RouteTree::Branch& branch : node.branches) {
      const LinkId link(std::size_t{node.router.value} * map.radix() + branch.output);
      links.push_back({link, into[n], branch.channel_class});
      if (copy && branch.next != RouteTree::none) into[branch.next] = link;
    }
  }
  if (copy) {
    links.push_back({map.injection_link(packet.root), std::nullopt, Topology::any_class});
  } else {
    for (const TerminalId leaf : packet.leaves)
      links.push_back({map.injection_link(leaf), std::nullopt, Topology::any_class});
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
  LeastTime(const RouterMap& map, const RouterDelays& delays) : map_(map), delays_(delays) {}

  void add(const RepeatedPacket& one, const std::vector<UsedLink>& links) {
    std::int64_t routers = 0;
    for (const TerminalId leaf : one.packet.leaves) {
      const bool sum = one.packet.kind == PacketKind::sum, first = routers == 0;
      const std::int64_t there =
          sum ? map_.routers_between(leaf, one.packet.root) : map_.routers_between(one.packet.root, leaf);
      // A sum waits for all of its shares.
      routers = first ? there : sum ? std::max(routers, there) : std::min(routers, there);
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
  const RouterMap& map_;
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

StepPattern make_step_pattern(const MeshSettings& settings, const RouterMap& map, std::vector<RepeatedPacket> packets) {
  StepPattern pattern;
  std::map<LinkId, LinkUse> loads;
  std::map<LinkId, UsedLink> first_uses;
  LeastTime copies(map, settings.delays), sums(map, settings.delays);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    Packet& packet = packets[i].packet;
    packet.tag = PacketTag(static_cast<std::int64_t>(i));
    pattern.longest = std::max(pattern.longest, packet.flits);
    pattern.most = std::max(pattern.most, packets[i].count);
    const std::vector<UsedLink> links = links_of(map, packet);
    (packet.kind == PacketKind::copy ? copies : sums).add(packets[i], links);
    for (const UsedLink& used : links) {
      const LinkId link = used.link;
      if (link < map.injection_link(TerminalId(0))) {
        pattern.bit_hops += packets[i].count * packets[i].bits;
        const auto [first, added] = first_uses.emplace(link, used);
        pattern.merges |= !added && (!used.before || first->second.before != used.before ||
                                     first->second.channel_class != used.channel_class);
      }
      loads[link].add(used, packets[i].count * packet.flits, packets[i].count);
    }
  }
  for (const auto& [link, use] : loads) {
    pattern.links.push_back({link, use.flits, use.cycles(settings.vcs, map.channel_classes())});
  }
  pattern.packets = std::move(packets);
  pattern.step = simulate_best(settings, pattern, {copies.value(), sums.value(), {}});
  return pattern;
}

}  // namespace loopsim
