#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "arch/Architecture.hpp"
#include "base/Ids.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/noc/MeshExtent.hpp"
#include "sim/noc/NetworkPorts.hpp"
#include "sim/noc/SharedFabric.hpp"
#include "sim/noc/StepFlows.hpp"
#include "sim/noc/StepPacket.hpp"

namespace loopsim {

/// What one step of an array sends over the networks.
using LoadId = Id<struct LoadKind>;

/// The networks between the memories outside the array and the PEs. A node is a PE; the global buffer has ports along
/// the top and the left edge, main memory along the bottom edge (NetworkPorts). The operands of an einsum go round the
/// networks.
class ArrayNetwork {
 public:
  /// `line_bits`: a flit, unless the settings say otherwise.
  ArrayNetwork(const NocSettings& settings, std::int64_t line_bits, MeshExtent mesh);

  /// `packets` of an array whose first column is `left`; LoadId 0 = nothing. They must live on.
  LoadId load_of(const std::vector<const std::vector<StepPacket>*>& packets, std::int64_t left);

  struct Delays {
    Cycle operands;  ///< from the start of a step until all its operands are there
    Cycle results;   ///< from its end until all its sums are there
  };
  const Delays& delays(LoadId load) const { return loads_[load].delays; }

  /// A packet as it goes into a network.
  struct LoadPacket {
    std::size_t network = 0;
    std::size_t operand = 0;  ///< of the einsum: inputs in order, then the output
    std::int64_t bits = 0;
    Packet packet;
    std::int64_t count = 1;
  };
  /// Of one step, those that are equal once.
  std::vector<LoadPacket> packets(LoadId id) const;
  /// "3:2" for the PE in column 3 and row 2, "buffer0", "dram0"; "0-3:2" for a rectangle of PEs; else a list with
  /// spaces. `terminals`: in order, at least one.
  std::string describe(const std::vector<TerminalId>& terminals) const;

  /// Sums are added on the way.
  bool adds() const { return has_routers(); }

  struct Share {
    LoadId load;
    Cycle period{1};  ///< as fast as the array could take its steps
  };
  struct Pace {
    Cycle all;    ///< from one step to the next, with all that flow at the same time
    Cycle alone;  ///< if it were alone
  };
  /// In the order given; on a bus or crossbar only what the PEs' own wires need.
  std::vector<Pace> paces(const std::vector<Share>& shares);
  /// Set once loads have blocked each other for good; their paces are then without meaning. (The kernel lets no
  /// exception through, so the run goes on and is refused at its end.)
  std::exception_ptr deadlock() const { return deadlock_; }

  /// On a bus or crossbar: cycles that a step takes of each wire that arrays share.
  struct Wire {
    std::size_t number = 0;  ///< below wires()
    std::int64_t cycles = 0;
  };
  std::size_t wires() const;
  const std::vector<Wire>& wires_of(LoadId load) const { return loads_[load].wires; }

  /// What meshes for each operand of an einsum would save all steps of a run that took `steps` of each load, each array
  /// taken by itself. Nothing if there are as many, or on a bus or crossbar.
  std::optional<NocCounters::MoreNetworks> more_networks(const std::vector<std::int64_t>& steps);

  /// Of a run that took `steps` of each load.
  NocCounters counters(const std::vector<std::int64_t>& steps) const;

 private:
  bool has_routers() const { return flows_.has_value(); }
  struct Load {
    std::vector<std::optional<PatternId>> patterns;  ///< by network
    Delays delays;
    std::vector<Wire> wires;
    NetworkCounters counters;                                   ///< of one step
    std::vector<std::pair<std::uint64_t, std::int64_t>> links;  ///< network and link, flits of one step
    std::vector<const std::vector<StepPacket>*> sets;
    std::int64_t left = 0;  ///< column
    std::int64_t packets = 0;
    std::int64_t bits = 0;
    double bit_hops = 0;       ///< of what flits carry
    std::int64_t at_a_pe = 0;  ///< cycles of the busiest PE's wire to a crossbar
    Cycle own{1};              ///< longest period that an array asked for
  };
  /// What a step sends, by network.
  using NetworkLoads = std::vector<std::vector<RepeatedPacket>>;

  SharedFabric shared_fabric() const;
  std::vector<LoadPacket> make_packets(const std::vector<const std::vector<StepPacket>*>& sets,
                                       std::int64_t left) const;
  NetworkLoads by_network(const std::vector<const std::vector<StepPacket>*>& sets, std::int64_t left) const;
  void measure_on_mesh(NetworkLoads loads, Load& load);
  void measure_on_wires(const NetworkLoads& loads, Load& load) const;
  std::string link_name(std::uint64_t network_and_link) const;

  NocSettings settings_;
  MeshExtent mesh_;
  std::int64_t flit_bits_;
  NetworkPorts ports_;
  std::optional<StepFlows> flows_;  ///< of a network of routers, not of wires
  std::exception_ptr deadlock_;
  IdVector<LoadId, Load> loads_;
  std::unordered_map<std::vector<std::int64_t>, LoadId, boost::hash<std::vector<std::int64_t>>> ids_;
};

}  // namespace loopsim
