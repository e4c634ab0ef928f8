#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;
using Noc = NocCounters;

constexpr std::string_view noc_page = "docs/noc.md";

/// Null where there is one link without packets.
Value network_count(const Noc& noc, std::int64_t Noc::Network::*count) {
  return noc.network ? Value(*noc.network.*count) : Value(nullptr);
}

Value average_latency(const Noc& noc) {
  if (!noc.network || noc.network->deliveries == 0) return nullptr;
  return static_cast<double>(noc.network->latency_cycles) / static_cast<double>(noc.network->deliveries);
}

}  // namespace

// Tables read best as such.
// clang-format off

const CounterTable<NocCounters>& noc_counters() {
  static const CounterTable<Noc> table = {{"simulation.noc.*"}, noc_page, {
      {"flits", "flit",
       "parts of packets that entered the network; of a sum, of each share; null below the rung noc",
       [](const Noc& n) { return network_count(n, &Noc::Network::flits); }, not_in_csv},
      {"flit_hops", "flit", "flits times links behind routers; null below the rung noc",
       [](const Noc& n) { return network_count(n, &Noc::Network::flit_hops); }, not_in_csv},
      {"deliveries", "packet", "packets times their destinations; null below the rung noc",
       [](const Noc& n) { return network_count(n, &Noc::Network::deliveries); }, not_in_csv},
      {"avg_latency", "cycle", "latency of a delivery on average, with each step by itself; null below the rung noc",
       average_latency, not_in_csv},
      {"packets", "packet",
       "packets that steps sent over the network, of at most a line; a sum counts once; 0 below the rung noc",
       [](const Noc& n) -> Value { return n.packets; }, {}},
      {"bits", "bit", "bits of these packets; below the rung noc, over the link to the array",
       [](const Noc& n) -> Value { return n.bits; }, {}},
      {"busy_cycles", "cycle",
       "cycles in which the busiest link moved something; below the rung noc, the link to the array",
       [](const Noc& n) -> Value { return n.busy_cycles; }, {}},
  }};
  return table;
}

const CounterTable<NocCounters::Link>& link_counters() {
  static const CounterTable<Noc::Link> table = {{"simulation.noc.busiest_links[].*"}, noc_page, {
      {"flits", "flit", "flits over one of the busiest links, which are the cycles it was busy",
       [](const Noc::Link& l) -> Value { return l.flits; }, not_in_csv},
  }};
  return table;
}

const CounterTable<MeshLoad>& mesh_counters() {
  using Mesh = MeshLoad;
  static const CounterTable<Mesh> table = {{"simulation.noc.networks[].*"}, noc_page, {
      {"columns", "router", "columns of routers", [](const Mesh& m) -> Value { return m.columns; }, not_in_csv},
      {"rows", "router", "rows of routers", [](const Mesh& m) -> Value { return m.rows; }, not_in_csv},
      {"east", "flit",
       "list: flits from each router to its eastern neighbour, row by row from the top; 0 where there is none (on a torus the first column is the neighbour of the last)",
       [](const Mesh& m) -> Value { return m.east; }, not_in_csv},
      {"west", "flit", "list: flits from each router to its western neighbour",
       [](const Mesh& m) -> Value { return m.west; }, not_in_csv},
      {"south", "flit", "list: flits from each router to its southern neighbour",
       [](const Mesh& m) -> Value { return m.south; }, not_in_csv},
      {"north", "flit", "list: flits from each router to its northern neighbour",
       [](const Mesh& m) -> Value { return m.north; }, not_in_csv},
      {"node_in", "flit", "list: flits from the processing element into each router",
       [](const Mesh& m) -> Value { return m.node_in; }, not_in_csv},
      {"node_out", "flit", "list: flits from each router to its processing element",
       [](const Mesh& m) -> Value { return m.node_out; }, not_in_csv},
  }};
  return table;
}

const CounterTable<MeshLoad::Port>& mesh_port_counters() {
  using Port = MeshLoad::Port;
  static const CounterTable<Port> table = {{"simulation.noc.networks[].buffer_ports[].*",
                                            "simulation.noc.networks[].side_ports[].*",
                                            "simulation.noc.networks[].dram_ports[].*"}, noc_page, {
      {"in", "flit", "flits from a memory's port into the mesh",
       [](const Port& p) -> Value { return p.in; }, not_in_csv},
      {"out", "flit", "flits out of the mesh to a memory's port",
       [](const Port& p) -> Value { return p.out; }, not_in_csv},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
