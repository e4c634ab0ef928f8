#include "sim/machine/ArrayNetwork.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>

#include "base/CheckedMath.hpp"
#include "sim/Simulate.hpp"
#include "sim/machine/MeshLoad.hpp"

namespace loopsim {

namespace {

constexpr std::size_t busiest_links = 8;
/// Larger meshes are not listed link by link, to bound what is written.
constexpr std::int64_t most_listed_routers = 4096;

std::vector<std::int64_t> port_columns(std::int64_t ports, std::int64_t columns) {
  std::vector<std::int64_t> result;
  for (std::int64_t port = 0; port < ports; ++port) result.push_back(port * columns / ports);
  return result;
}

MeshSettings mesh_settings(const NocSettings& noc, MeshExtent mesh, const std::vector<std::int64_t>& buffer_columns,
                           const std::vector<std::int64_t>& dram_columns) {
  MeshSettings settings;
  settings.width = mesh.columns;
  settings.height = mesh.rows;
  settings.vcs = noc.virtual_channels;
  settings.buffer = noc.buffer_flits;
  settings.delays.routing = Cycle(noc.routing_delay);
  settings.delays.vc_allocation = Cycle(noc.vc_allocation_delay);
  settings.delays.switch_allocation = Cycle(noc.switch_allocation_delay);
  settings.delays.switch_traversal = Cycle(noc.switch_traversal_delay);
  settings.delays.link = Cycle(noc.link_delay);
  settings.delays.credit = Cycle(noc.credit_delay);
  for (const std::int64_t column : buffer_columns) settings.ports.emplace_back(static_cast<std::size_t>(column));
  const std::int64_t bottom = (mesh.rows - 1) * mesh.columns;
  for (const std::int64_t column : dram_columns) settings.ports.emplace_back(static_cast<std::size_t>(bottom + column));
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
    : settings_(settings),
      flit_bits_(settings.flit_bits.value_or(line_bits)),
      mesh_(mesh),
      buffer_columns_(port_columns(settings.buffer_ports.value_or(mesh.columns), mesh.columns)),
      dram_columns_(port_columns(settings.dram_ports, mesh.columns)),
      flows_(mesh_settings(settings, mesh, buffer_columns_, dram_columns_)) {
  loads_.push_back({});
}

std::int64_t ArrayNetwork::terminals() const {
  return mesh_.columns * mesh_.rows + static_cast<std::int64_t>(buffer_columns_.size() + dram_columns_.size());
}

/// A bus or crossbar of one network.
SharedFabric ArrayNetwork::shared_fabric() const {
  const bool bus = settings_.topology == NocSettings::Topology::bus;
  SharedFabricSettings settings;
  settings.terminals = terminals();
  return {bus ? SharedFabric::Kind::bus : SharedFabric::Kind::crossbar, settings};
}

TerminalId ArrayNetwork::port_of(const StepPacket& packet, const std::vector<TerminalId>& nodes) const {
  std::int64_t left = mesh_.columns;
  for (const TerminalId node : nodes) left = std::min(left, node.value % mesh_.columns);
  const bool dram = packet.memory == LevelId(0);
  const std::vector<std::int64_t>& columns = dram ? dram_columns_ : buffer_columns_;
  const auto nearest = std::min_element(columns.begin(), columns.end(), [&](std::int64_t a, std::int64_t b) {
    return std::abs(a - left) < std::abs(b - left);
  });
  const auto number = static_cast<std::size_t>(nearest - columns.begin());
  const auto nodes_before = static_cast<std::size_t>(mesh_.columns * mesh_.rows);
  return TerminalId(nodes_before + (dram ? buffer_columns_.size() : 0) + number);
}

ArrayNetwork::LoadPacket ArrayNetwork::make_packet(const StepPacket& step_packet, std::int64_t left) const {
  LoadPacket result;
  Packet& packet = result.packet;
  packet.kind = step_packet.sum ? PacketKind::sum : PacketKind::copy;
  for (const PeNode node : step_packet.nodes) {
    // Loops that the mesh has no room for side by side share PEs.
    const std::int64_t column = (left + node.column) % mesh_.columns;
    packet.leaves.emplace_back(static_cast<std::size_t>(node.row % mesh_.rows * mesh_.columns + column));
  }
  std::sort(packet.leaves.begin(), packet.leaves.end());
  packet.leaves.erase(std::unique(packet.leaves.begin(), packet.leaves.end()), packet.leaves.end());
  packet.root = port_of(step_packet, packet.leaves);
  packet.flits = ceil_divide(step_packet.bits, flit_bits_);
  result.network = step_packet.operand % static_cast<std::size_t>(settings_.networks);
  result.operand = step_packet.operand;
  result.bits = step_packet.bits;
  return result;
}

std::vector<ArrayNetwork::NetworkLoad> ArrayNetwork::by_network(
    const std::vector<const std::vector<StepPacket>*>& packets, std::int64_t left) const {
  std::vector<NetworkLoad> result(static_cast<std::size_t>(settings_.networks));
  for (const std::vector<StepPacket>* set : packets) {
    for (const StepPacket& step_packet : *set) {
      LoadPacket made = make_packet(step_packet, left);
      NetworkLoad& load = result[made.network];
      load.bits += made.bits;
      load.flits += made.packet.flits;
      load.packets.push_back(std::move(made.packet));
    }
  }
  return result;
}

std::vector<ArrayNetwork::LoadPacket> ArrayNetwork::packets(LoadId id) const {
  const Load& load = loads_[id];
  std::vector<LoadPacket> result;
  for (const std::vector<StepPacket>* set : load.sets) {
    for (const StepPacket& step_packet : *set) {
      result.push_back(make_packet(step_packet, load.left));
      // Without routers that add, the array does, and its first PE sends.
      Packet& packet = result.back().packet;
      if (packet.kind == PacketKind::sum && !adds()) packet.leaves.resize(1);
    }
  }
  return result;
}

std::string ArrayNetwork::terminal_name(TerminalId terminal) const {
  const std::int64_t nodes = mesh_.columns * mesh_.rows;
  const std::int64_t number = terminal.value;
  if (number < nodes) return fmt::format("{}:{}", number % mesh_.columns, number / mesh_.columns);
  const std::int64_t port = number - nodes;
  const auto buffer_ports = static_cast<std::int64_t>(buffer_columns_.size());
  return port < buffer_ports ? fmt::format("buffer{}", port) : fmt::format("dram{}", port - buffer_ports);
}

std::string ArrayNetwork::describe(const std::vector<TerminalId>& terminals) const {
  const std::int64_t columns = mesh_.columns;
  const std::int64_t left = terminals.front().value % columns, right = terminals.back().value % columns;
  const std::int64_t top = terminals.front().value / columns, bottom = terminals.back().value / columns;
  const auto inside = [&](TerminalId t) { return left <= t.value % columns && t.value % columns <= right; };
  const auto count = static_cast<std::int64_t>(terminals.size());
  const bool nodes = terminals.back().value < columns * mesh_.rows;
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
    names += terminal_name(terminal);
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
  if (is_mesh()) {
    measure_on_mesh(by_network(packets, left), load);
  } else {
    measure_on_wires(by_network(packets, left), load);
  }
  for (const std::vector<StepPacket>* set : packets) {
    for (const StepPacket& packet : *set) load.bits += packet.bits;
    load.packets += static_cast<std::int64_t>(set->size());
  }
  load.sets = packets;
  load.left = left;
  loads_.push_back(std::move(load));
  return found->second;
}

void ArrayNetwork::measure_on_mesh(const std::vector<NetworkLoad>& loads, Load& load) {
  for (std::size_t network = 0; network < loads.size(); ++network) {
    load.patterns.emplace_back();
    if (loads[network].packets.empty()) continue;
    load.patterns.back() = flows_.intern(loads[network].packets);
    const StepFlows::OneStep& step = flows_.one_step(*load.patterns.back());
    load.delays.operands = std::max(load.delays.operands, step.operands);
    load.delays.results = std::max(load.delays.results, step.results);
    add(load.counters, step.counters, 1);
    load.bit_hops += loads[network].bit_hops(step.counters.flit_hops);
    for (const auto& [link, counters] : step.links) {
      load.links.emplace_back((static_cast<std::uint64_t>(network) << 32U) | link.value, counters.flits);
    }
  }
}

void ArrayNetwork::measure_on_wires(const std::vector<NetworkLoad>& loads, Load& load) const {
  std::size_t first_wire = 0;
  for (std::size_t network = 0; network < loads.size(); ++network) {
    SharedFabric fabric = shared_fabric();
    for (Packet packet : loads[network].packets) {
      if (packet.kind == PacketKind::sum) {
        // Wires do not add: the array does, and its first PE sends.
        const TerminalId first = packet.leaves.front();
        packet = {PacketKind::copy, first, {packet.root}, packet.flits, packet.tag};
      }
      fabric.inject(packet, Cycle(0));
    }
    NocArrivals arrivals;
    while (const auto next = fabric.next_event()) fabric.advance(*next, arrivals);
    for (const Delivery& delivery : arrivals.deliveries) {
      // Copies end at a node, sums at a port.
      const bool operand = delivery.destination.value < mesh_.columns * mesh_.rows;
      Cycle& last = operand ? load.delays.operands : load.delays.results;
      last = std::max(last, delivery.arrived);
    }
    add(load.counters, fabric.counters(), 1);
    if (!loads[network].packets.empty()) load.bit_hops += loads[network].bit_hops(fabric.counters().flit_hops);
    for (std::size_t wire = 0; wire < fabric.links().size(); ++wire) {
      const std::int64_t flits = fabric.links()[wire].flits;
      if (flits == 0) continue;
      const auto terminal = static_cast<std::int64_t>(wire) % terminals();
      if (settings_.topology == NocSettings::Topology::crossbar && terminal < mesh_.columns * mesh_.rows) {
        load.at_a_pe = std::max(load.at_a_pe, flits);
      } else {
        load.wires.push_back({first_wire + wire, flits});
      }
      load.links.emplace_back((static_cast<std::uint64_t>(network) << 32U) | wire, flits);
    }
    first_wire += fabric.links().size();
  }
}

std::size_t ArrayNetwork::wires() const {
  if (is_mesh()) return 0;
  const std::int64_t wires = settings_.topology == NocSettings::Topology::bus ? 1 : 2 * terminals();
  return static_cast<std::size_t>(wires * settings_.networks);
}

std::vector<ArrayNetwork::Pace> ArrayNetwork::paces(const std::vector<Share>& shares) {
  std::vector<Pace> paces;
  for (const Share& share : shares) {
    const StepPace own{std::max(share.period.value, loads_[share.load].at_a_pe), 1};
    paces.push_back({own, own});
  }
  for (std::size_t network = 0; is_mesh() && network < static_cast<std::size_t>(settings_.networks); ++network) {
    std::vector<StepFlow> flows;
    std::vector<std::size_t> whose;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const std::vector<std::optional<PatternId>>& patterns = loads_[shares[i].load].patterns;
      if (network >= patterns.size() || !patterns[network]) continue;
      flows.push_back({*patterns[network], shares[i].period});
      whose.push_back(i);
    }
    try {
      const std::vector<StepPace> together = flows_.together(flows);
      for (std::size_t f = 0; f < flows.size(); ++f) {
        Pace& pace = paces[whose[f]];
        pace.all = std::max(pace.all, together[f]);
        pace.alone = std::max(pace.alone, flows.size() == 1 ? together[f] : flows_.alone(flows[f]));
      }
    } catch (const DeadlockError&) {
      if (!deadlock_) deadlock_ = std::current_exception();
      break;
    }
  }
  return paces;
}

std::string ArrayNetwork::link_name(std::uint64_t network_and_link) const {
  const std::uint64_t network = network_and_link >> 32U;
  const LinkId link(static_cast<std::size_t>(network_and_link & 0xffffffffU));
  const std::string name = is_mesh() ? flows_.link_name(link) : shared_fabric().link_name(link);
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
  if (is_mesh() && mesh_.columns * mesh_.rows <= most_listed_routers) {
    std::vector<std::vector<std::pair<LinkId, std::int64_t>>> links(static_cast<std::size_t>(settings_.networks));
    for (const auto& [link, flits] : flits_of_link) {
      links[link >> 32U].emplace_back(LinkId(static_cast<std::size_t>(link & 0xffffffffU)), flits);
    }
    const MeshSettings mesh = mesh_settings(settings_, mesh_, buffer_columns_, dram_columns_);
    for (const auto& of_one : links) network.meshes.push_back(mesh_load(mesh, buffer_columns_.size(), of_one));
  }
  result.network = std::move(network);
  return result;
}

}  // namespace loopsim
