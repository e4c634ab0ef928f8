#include "sim/noc/ArrayNetwork.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "arch/topologies/TopologyTable.hpp"
#include "base/CheckedMath.hpp"
#include "sim/noc/MeshLoad.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {

namespace {

constexpr std::size_t busiest_links = 8;
/// Larger meshes are not listed link by link, to bound what is written.
constexpr std::int64_t most_listed_routers = 4096;

MeshSettings mesh_settings(const NocSettings& noc, const NetworkPorts& ports) {
  MeshSettings settings;
  settings.topology = noc.topology;
  settings.width = ports.columns();
  settings.height = ports.rows();
  settings.vcs = noc.virtual_channels;
  settings.buffer = noc.buffer_flits;
  settings.delays.routing = Cycle(noc.routing_delay);
  settings.delays.vc_allocation = Cycle(noc.vc_allocation_delay);
  settings.delays.switch_allocation = Cycle(noc.switch_allocation_delay);
  settings.delays.switch_traversal = Cycle(noc.switch_traversal_delay);
  settings.delays.link = Cycle(noc.link_delay);
  settings.delays.credit = Cycle(noc.credit_delay);
  settings.ports = ports.routers();
  return settings;
}

void add(NetworkCounters& total, const NetworkCounters& part, std::int64_t times) {
  total.packets += part.packets * times;
  total.flits += part.flits * times;
  total.deliveries += part.deliveries * times;
  total.flits_ejected += part.flits_ejected * times;
  total.flit_hops += part.flit_hops * times;
  total.router_visits += part.router_visits * times;
  total.latency += part.latency * times;
  total.max_latency = std::max(total.max_latency, part.max_latency);
}

}  // namespace

ArrayNetwork::ArrayNetwork(const NocSettings& settings, std::int64_t line_bits, MeshExtent mesh)
    : settings_(settings), mesh_(mesh), flit_bits_(settings.flit_bits.value_or(line_bits)), ports_(settings, mesh) {
  if (find_topology(settings.topology) != nullptr) flows_.emplace(mesh_settings(settings, ports_));
  loads_.push_back({});
}

/// A bus or crossbar of one network.
SharedFabric ArrayNetwork::shared_fabric() const {
  const bool bus = settings_.topology == "bus";
  SharedFabricSettings settings;
  settings.terminals = ports_.terminals();
  return {bus ? SharedFabric::Kind::bus : SharedFabric::Kind::crossbar, settings};
}

std::vector<ArrayNetwork::LoadPacket> ArrayNetwork::make_packets(
    const std::vector<const std::vector<StepPacket>*>& sets, std::int64_t left) const {
  std::vector<LoadPacket> result;
  // Of each operand, copies and sums apart.
  std::map<std::pair<std::size_t, PacketKind>, std::vector<TerminalId>> together;
  for (const std::vector<StepPacket>* set : sets) {
    for (const StepPacket& step_packet : *set) {
      LoadPacket& made = result.emplace_back();
      Packet& packet = made.packet;
      packet.kind = step_packet.sum ? PacketKind::sum : PacketKind::copy;
      for (const PeNode node : step_packet.nodes) {
        // Loops that the mesh has no room for side by side share PEs.
        const std::int64_t column = (left + node.column) % ports_.columns();
        packet.leaves.emplace_back(static_cast<std::size_t>(node.row % ports_.rows() * ports_.columns() + column));
      }
      std::sort(packet.leaves.begin(), packet.leaves.end());
      packet.leaves.erase(std::unique(packet.leaves.begin(), packet.leaves.end()), packet.leaves.end());
      packet.flits = ceil_divide(step_packet.bits, flit_bits_);
      made.network = step_packet.operand % static_cast<std::size_t>(settings_.networks);
      made.operand = step_packet.operand;
      made.bits = step_packet.bits;
      made.count = step_packet.count;
      std::vector<TerminalId>& all = together[{made.operand, packet.kind}];
      all.insert(all.end(), packet.leaves.begin(), packet.leaves.end());
    }
  }
  std::map<std::pair<std::size_t, PacketKind>, PeSpan> spans;
  for (const auto& [whose, nodes] : together) spans[whose] = ports_.span(nodes);
  auto made = result.begin();
  for (const std::vector<StepPacket>* set : sets) {
    for (const StepPacket& step_packet : *set) {
      Packet& packet = made->packet;
      packet.root = step_packet.memory == LevelId(0)
                        ? ports_.dram_port(packet.leaves)
                        : ports_.buffer_port(packet.leaves, spans[{made->operand, packet.kind}]);
      ++made;
    }
  }
  return result;
}

/// Packets that are equal on the network are put together.
ArrayNetwork::NetworkLoads ArrayNetwork::by_network(const std::vector<const std::vector<StepPacket>*>& sets,
                                                    std::int64_t left) const {
  NetworkLoads result(static_cast<std::size_t>(settings_.networks));
  for (const LoadPacket& made : make_packets(sets, left)) {
    result[made.network].push_back({made.packet, made.count, made.bits});
  }
  const auto order = [](const RepeatedPacket& one) {
    return std::tie(one.packet.kind, one.packet.root, one.packet.leaves, one.bits);
  };
  for (std::vector<RepeatedPacket>& packets : result) {
    std::stable_sort(packets.begin(), packets.end(),
                     [&](const RepeatedPacket& a, const RepeatedPacket& b) { return order(a) < order(b); });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < packets.size(); ++i) {
      if (order(packets[kept]) == order(packets[i])) {
        packets[kept].count += packets[i].count;
      } else if (++kept != i) {
        packets[kept] = std::move(packets[i]);
      }
    }
    if (!packets.empty()) packets.resize(kept + 1);
  }
  return result;
}

std::vector<ArrayNetwork::LoadPacket> ArrayNetwork::packets(LoadId id) const {
  const Load& load = loads_[id];
  std::vector<LoadPacket> result = make_packets(load.sets, load.left);
  for (LoadPacket& one : result) {
    // Without routers that add, the array does, and its first PE sends.
    if (one.packet.kind == PacketKind::sum && !adds()) one.packet.leaves.resize(1);
  }
  return result;
}

std::string ArrayNetwork::describe(const std::vector<TerminalId>& terminals) const {
  const std::int64_t columns = ports_.columns();
  const std::int64_t left = terminals.front().value % columns, right = terminals.back().value % columns;
  const std::int64_t top = terminals.front().value / columns, bottom = terminals.back().value / columns;
  const auto inside = [&](TerminalId t) { return left <= t.value % columns && t.value % columns <= right; };
  const auto count = static_cast<std::int64_t>(terminals.size());
  const bool nodes = terminals.back().value < ports_.nodes();
  if (nodes && count > 1 && (right - left + 1) * (bottom - top + 1) == count &&
      std::all_of(terminals.begin(), terminals.end(), inside)) {
    const auto range = [](std::int64_t from, std::int64_t to) {
      return from == to ? std::to_string(from) : fmt::format("{}-{}", from, to);
    };
    return range(left, right) + ":" + range(top, bottom);
  }
  std::string names;
  for (const TerminalId terminal : terminals) {
    if (!names.empty()) names += ' ';
    names += ports_.name(terminal);
  }
  return names;
}

LoadId ArrayNetwork::load_of(const std::vector<const std::vector<StepPacket>*>& packets, std::int64_t left) {
  if (packets.empty()) return LoadId(0);
  std::vector<std::int64_t> key{left};
  for (const auto* set : packets) key.push_back(static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(set)));
  const auto [found, added] = ids_.emplace(std::move(key), LoadId(loads_.size()));
  if (!added) return found->second;
  Load load;
  if (has_routers()) {
    try {
      measure_on_mesh(by_network(packets, left), load);
    } catch (const DeadlockError&) {
      if (!deadlock_) deadlock_ = std::current_exception();
    }
  } else {
    measure_on_wires(by_network(packets, left), load);
  }
  for (const std::vector<StepPacket>* set : packets) {
    for (const StepPacket& packet : *set) {
      load.bits += packet.bits * packet.count;
      load.packets += packet.count;
    }
  }
  load.sets = packets;
  load.left = left;
  loads_.push_back(std::move(load));
  return found->second;
}

void ArrayNetwork::measure_on_mesh(NetworkLoads loads, Load& load) {
  for (std::size_t network = 0; network < loads.size(); ++network) {
    load.patterns.emplace_back();
    if (loads[network].empty()) continue;
    load.patterns.back() = flows_->intern(std::move(loads[network]));
    const StepPattern& pattern = flows_->pattern(*load.patterns.back());
    load.delays.operands = std::max(load.delays.operands, pattern.step.operands);
    load.delays.results = std::max(load.delays.results, pattern.step.results);
    add(load.counters, pattern.step.counters, 1);
    load.bit_hops += static_cast<double>(pattern.bit_hops);
    for (const StepPattern::LinkLoad& link : pattern.links) {
      load.links.emplace_back((static_cast<std::uint64_t>(network) << 32U) | link.link.value, link.flits);
    }
  }
}

void ArrayNetwork::measure_on_wires(const NetworkLoads& loads, Load& load) const {
  std::size_t first_wire = 0;
  for (std::size_t network = 0; network < loads.size(); ++network) {
    SharedFabric fabric = shared_fabric();
    std::int64_t bits = 0;
    std::int64_t flits = 0;
    for (const RepeatedPacket& one : loads[network]) {
      Packet packet = one.packet;
      if (packet.kind == PacketKind::sum) {
        // Wires do not add: the array does, and its first PE sends.
        const TerminalId first = packet.leaves.front();
        packet = {PacketKind::copy, first, {packet.root}, packet.flits, packet.tag};
      }
      bits += one.bits * one.count;
      flits += packet.flits * one.count;
      // Equal packets go one after the other, as one that is so much longer.
      packet.flits *= one.count;
      packet.tag = PacketTag(static_cast<std::int64_t>(&one - loads[network].data()));
      fabric.inject(packet, Cycle(0));
    }
    NocArrivals arrivals;
    while (const auto next = fabric.next_event()) fabric.advance(*next, arrivals);
    NetworkCounters counters = fabric.counters();
    for (const RepeatedPacket& one : loads[network]) counters.packets += one.count - 1;
    for (const Delivery& delivery : arrivals.deliveries) {
      // Copies end at a node, sums at a port.
      const bool operand = delivery.destination.value < ports_.nodes();
      Cycle& last = operand ? load.delays.operands : load.delays.results;
      last = std::max(last, delivery.arrived);
      // What the delivery stands for beside the last of its packets: each ends as much earlier as it is long.
      const RepeatedPacket& one = loads[network][static_cast<std::size_t>(delivery.tag.value)];
      counters.deliveries += one.count - 1;
      counters.router_visits += (one.count - 1) * delivery.routers;
      counters.latency += delivery.arrived * (one.count - 1);
      counters.latency -= Cycle(one.packet.flits * (one.count * (one.count - 1) / 2));
    }
    add(load.counters, counters, 1);
    // Bits of words, on average over what the flits carry.
    if (flits > 0) {
      load.bit_hops += static_cast<double>(counters.flit_hops) * static_cast<double>(bits) / static_cast<double>(flits);
    }
    for (std::size_t wire = 0; wire < fabric.links().size(); ++wire) {
      const std::int64_t flits_of_wire = fabric.links()[wire].flits;
      if (flits_of_wire == 0) continue;
      const auto terminal = static_cast<std::int64_t>(wire) % ports_.terminals();
      if (settings_.topology == "crossbar" && terminal < ports_.nodes()) {
        load.at_a_pe = std::max(load.at_a_pe, flits_of_wire);
      } else {
        load.wires.push_back({first_wire + wire, flits_of_wire});
      }
      load.links.emplace_back((static_cast<std::uint64_t>(network) << 32U) | wire, flits_of_wire);
    }
    first_wire += fabric.links().size();
  }
}

std::size_t ArrayNetwork::wires() const {
  if (has_routers()) return 0;
  const std::int64_t wires = settings_.topology == "bus" ? 1 : 2 * ports_.terminals();
  return static_cast<std::size_t>(wires * settings_.networks);
}

std::vector<ArrayNetwork::Pace> ArrayNetwork::paces(const std::vector<Share>& shares) {
  std::vector<Pace> paces;
  std::vector<StepFlow> flows;
  for (const Share& share : shares) {
    Load& load = loads_[share.load];
    const Cycle own = std::max(share.period, Cycle(load.at_a_pe));
    load.own = std::max(load.own, own);
    paces.push_back({own, own});
    flows.push_back({load.patterns, own});
  }
  if (!has_routers() || deadlock_) return paces;
  try {
    const std::vector<Cycle> all = flows_->together(flows);
    for (std::size_t i = 0; i < shares.size(); ++i) paces[i] = {all[i], flows_->alone(flows[i])};
  } catch (const DeadlockError&) {
    if (!deadlock_) deadlock_ = std::current_exception();
  }
  return paces;
}

std::optional<NocCounters::MoreNetworks> ArrayNetwork::more_networks(const std::vector<std::int64_t>& steps) {
  if (!has_routers() || deadlock_) return std::nullopt;
  std::size_t operands = 0;
  for (const Load& load : loads_) {
    for (const std::vector<StepPacket>* set : load.sets) {
      for (const StepPacket& packet : *set) operands = std::max(operands, packet.operand + 1);
    }
  }
  NocCounters::MoreNetworks more{static_cast<std::int64_t>(operands), 0};
  if (more.networks <= settings_.networks) return std::nullopt;
  NocSettings settings = settings_;
  settings.networks = more.networks;
  ArrayNetwork wider(settings, flit_bits_, mesh_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Load& load = loads_[LoadId(i)];
    if (steps[i] == 0 || load.sets.empty()) continue;
    const Cycle now = flows_->alone({load.patterns, load.own});
    const Cycle then = wider.paces({{wider.load_of(load.sets, load.left), load.own}}).front().alone;
    more.saved_cycles += std::max(now - then, Cycle(0)).value * steps[i];
  }
  return more;
}

std::string ArrayNetwork::link_name(std::uint64_t network_and_link) const {
  const std::uint64_t network = network_and_link >> 32U;
  const LinkId link(static_cast<std::size_t>(network_and_link & 0xffffffffU));
  const std::string name = has_routers() ? flows_->link_name(link) : shared_fabric().link_name(link);
  return settings_.networks == 1 ? name : fmt::format("network {}: {}", network, name);
}

NocCounters ArrayNetwork::counters(const std::vector<std::int64_t>& steps) const {
  NocCounters result;
  NetworkCounters total;
  double bit_hops = 0;
  std::map<std::uint64_t, std::int64_t> flits_of_link;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Load& load = loads_[LoadId(i)];
    add(total, load.counters, steps[i]);
    result.bits += load.bits * steps[i];
    bit_hops += load.bit_hops * static_cast<double>(steps[i]);
    result.packets += load.packets * steps[i];
    for (const auto& [link, flits] : load.links) flits_of_link[link] += flits * steps[i];
  }
  NocCounters::Network network;
  network.flits = total.flits;
  network.flit_hops = total.flit_hops;
  network.bit_hops = bit_hops;
  network.deliveries = total.deliveries;
  network.latency_cycles = total.latency.value;
  std::vector<std::pair<std::int64_t, std::uint64_t>> busiest;
  for (const auto& [link, flits] : flits_of_link) {
    if (flits > 0) busiest.emplace_back(-flits, link);
  }
  std::sort(busiest.begin(), busiest.end());
  if (!busiest.empty()) result.busy_cycles = -busiest.front().first;
  if (busiest.size() > busiest_links) busiest.resize(busiest_links);
  for (const auto& [flits, link] : busiest) network.busiest.push_back({link_name(link), -flits});
  const bool grid = has_routers() && flows_->map().topology().directions() == north + 1;
  if (grid && ports_.nodes() <= most_listed_routers) {
    std::vector<std::vector<std::pair<LinkId, std::int64_t>>> links(static_cast<std::size_t>(settings_.networks));
    for (const auto& [link, flits] : flits_of_link) {
      links[link >> 32U].emplace_back(LinkId(static_cast<std::size_t>(link & 0xffffffffU)), flits);
    }
    for (const auto& of_one : links) {
      network.meshes.push_back(mesh_load(flows_->settings(), ports_.top(), ports_.left(), of_one));
    }
  }
  result.network = std::move(network);
  return result;
}

}  // namespace loopsim
