#include <fmt/format.h>

#include "arch/topologies/TopologyTable.hpp"
#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

/// What a network can be: of routers, or of wires.
std::vector<std::string_view> network_words() {
  std::vector<std::string_view> words;
  for (const TopologyKind& kind : topology_table()) words.push_back(kind.name);
  words.insert(words.end(), {"bus", "crossbar"});
  return words;
}

/// "2, torus 4": of the usual topology, then what others have instead.
std::string channels_text() {
  const std::int64_t of_a_class = NocSettings().virtual_channels;
  std::string text = whole(of_a_class);
  for (const TopologyKind& kind : topology_table()) {
    if (kind.channel_classes > 1) text += fmt::format(", {} {}", kind.name, of_a_class * kind.channel_classes);
  }
  return text;
}

/// "0.1, torus 0.15", likewise.
std::string hop_energy_text() {
  const double usual = topology_table().front().hop_pj_per_bit;
  std::string text = decimal(usual);
  for (const TopologyKind& kind : topology_table()) {
    if (kind.hop_pj_per_bit != usual) text += fmt::format(", {} {}", kind.name, kind.hop_pj_per_bit);
  }
  return text;
}

void apply_topology(Target& to, const Setting& value) {
  to.machine->noc->topology = value.word();
  to.noc_change->topology_given = true;
}

void apply_channels(Target& to, const Setting& value) {
  to.machine->noc->virtual_channels = value.integer();
  to.noc_change->channels_where = value.where;
}

void apply_hop_energy(Target& to, const Setting& value) {
  to.machine->noc->hop_pj_per_bit = value.number();
  to.noc_change->hop_energy_given = true;
}

}  // namespace

std::vector<SimulationKey> noc_keys() {
  // Rows refer to their texts.
  static const std::string channels = channels_text(), hop_energy = hop_energy_text();
  // A table reads best as one.
  // clang-format off
  return {
      {"noc.bandwidth", Type::integer_or_infinity, "bits/s", "inf",
       "of the link between global buffer and PE array", 1, no_limit, {},
       [](Target& to, const Setting& value) { to.machine->bus.bits_per_second = value.integer_or_infinity(); },
       [](const Source& from) -> Written { return rate(from.machine->bus.bits_per_second); }},
      {"noc.latency", Type::integer, "cycles", "0",
       "of that link", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.machine->bus.latency_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->bus.latency_cycles); }},
      {"noc.topology", Type::word, "", "mesh",
       "of the network that takes that link's place on the rung noc", 0, no_limit, network_words(),
       apply_topology,
       [](const Source& from) -> Written { return from.machine->noc->topology; }},
      {"noc.flit", Type::integer, "bits", "width of the global buffer, else 64",
       "what a link of the network carries in a cycle", 1, most_bits, {},
       [](Target& to, const Setting& value) { to.machine->noc->flit_bits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->flit_bits); }},
      {"noc.networks", Type::integer, "", "3",
       "networks side by side; the operands of an einsum go round them, outputs last", 1, most_networks, {},
       [](Target& to, const Setting& value) { to.machine->noc->networks = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->networks); }},
      {"noc.buffer_ports", Type::integer, "", "one for each column",
       "where the global buffer enters the network, along its top edge", 1, most_ports, {},
       [](Target& to, const Setting& value) { to.machine->noc->buffer_ports = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->buffer_ports); }},
      {"noc.side_ports", Type::integer, "", "one for each row",
       "the same along its left edge; a packet enters at the edge that suits the PEs it goes to", 1, most_ports, {},
       [](Target& to, const Setting& value) { to.machine->noc->side_ports = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->side_ports); }},
      {"noc.dram_ports", Type::integer, "", "1",
       "where main memory enters the network, along its bottom edge", 1, most_ports, {},
       [](Target& to, const Setting& value) { to.machine->noc->dram_ports = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->dram_ports); }},
      {"noc.virtual_channels", Type::integer, "", channels,
       "of each link", 1, 64, {},
       apply_channels,
       [](const Source& from) -> Written { return whole(from.machine->noc->virtual_channels); }},
      {"noc.buffer", Type::integer, "flits", "8",
       "of each virtual channel at the input of a router", 1, most_flits, {},
       [](Target& to, const Setting& value) { to.machine->noc->buffer_flits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->buffer_flits); }},
      {"noc.routing_delay", Type::integer, "cycles", "0",
       "of a router's first stage", 0, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->routing_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->routing_delay); }},
      {"noc.vc_allocation_delay", Type::integer, "cycles", "1",
       "of a router's second stage", 1, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->vc_allocation_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->vc_allocation_delay); }},
      {"noc.switch_allocation_delay", Type::integer, "cycles", "1",
       "of a router's third stage", 1, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->switch_allocation_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->switch_allocation_delay); }},
      {"noc.switch_traversal_delay", Type::integer, "cycles", "1",
       "of a router's fourth stage", 0, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->switch_traversal_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->switch_traversal_delay); }},
      {"noc.link_delay", Type::integer, "cycles", "1",
       "from a router to the next", 0, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->link_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->link_delay); }},
      {"noc.credit_delay", Type::integer, "cycles", "1",
       "until a credit that has come back can be used", 0, most_stage_cycles, {},
       [](Target& to, const Setting& value) { to.machine->noc->credit_delay = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->noc->credit_delay); }},
      {"noc.hop_energy", Type::number, "pJ/bit", hop_energy,
       "of a flit through a router and over the link behind it", 0, most_picojoules, {},
       apply_hop_energy,
       [](const Source& from) -> Written { return decimal(from.machine->noc->hop_pj_per_bit); }},
  };
  // clang-format on
}

}  // namespace loopsim
