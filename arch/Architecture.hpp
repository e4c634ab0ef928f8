#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arch/dram/DramControllerSettings.hpp"
#include "base/Diagnostics.hpp"
#include "base/Ids.hpp"

namespace loopsim {

/// Bits per second through ports of one kind; nothing = no such port. All three empty = unlimited.
struct PortBandwidth {
  std::optional<std::int64_t> read;
  std::optional<std::int64_t> write;
  std::optional<std::int64_t> shared;  ///< serves reads and writes

  bool unlimited() const { return !read && !write && !shared; }
};

enum class MemoryKind { dram, sram, register_file };

/// Energy of one component, resolved when the architecture is loaded.
struct ComponentEnergy {
  double read_pj = 0;   ///< one access of `width_bits`
  double write_pj = 0;  ///< one access of `width_bits`
  double leakage_uw = 0;
  std::string source;  ///< "ERT", or where the default comes from
};

/// The level that may have banks: the global buffer.
inline constexpr LevelId banked_level{1};

/// Banks of a buffer. A bank serves one line access a cycle, a dual-ported one a read and a write.
struct BankSettings {
  std::int64_t count = 1;
  bool dual_ported = false;
};

/// One memory of the hierarchy (all instances alike).
struct MemoryLevel {
  std::string name;
  MemoryKind kind = MemoryKind::sram;
  std::string dram_type;                         ///< "DDR4", "HBM2", …; empty = the energy table's default
  std::optional<std::int64_t> size_bits;         ///< of one instance; nothing = unlimited
  std::int64_t datawidth_bits = 8;               ///< bits of one word, unless the tensor says otherwise
  std::int64_t width_bits = 8;                   ///< bits one access moves
  PortBandwidth bandwidth;                       ///< of one instance
  std::int64_t latency_cycles = 0;               ///< from request to first data; overlaps other transfers
  std::int64_t transfer_overhead_cycles = 0;     ///< each transfer occupies its port this much longer
  bool refetch = false;                          ///< every tile is filled whole, nothing reused from the one before
  bool early_write_back = false;                 ///< a result leaves with its last update, not at its tile's end
  std::optional<std::int64_t> copy_bandwidth;    ///< bits/s of transfers within the level; nothing = its ports alone
  std::optional<BankSettings> banks;             ///< nothing = not banked; of level 1, on the rung `glb`
  std::optional<std::int64_t> stated_line_bits;  ///< of a line of a bank
  ComponentEnergy energy;
  SourcePosition where;

  std::int64_t line_bits() const { return stated_line_bits.value_or(width_bits); }
};

struct ComputeLevel {
  std::string name = "MACs";
  std::int64_t datawidth_bits = 8;
  std::map<std::string, double> operation_pj;  ///< energy of one operation by name (mac, add, …)
  double leakage_uw = 0;
  std::string energy_source;
  SourcePosition where;
};

/// PE array: columns along axis 0 and rows along axis 1; nothing = unlimited.
struct PeMesh {
  std::optional<std::int64_t> columns;
  std::optional<std::int64_t> rows;
  /// Each tile operation occupies its partition this many cycles beyond its steps.
  std::int64_t operation_overhead_cycles = 0;
  /// From the last step to the result; the next tile operation may already run.
  std::int64_t operation_latency_cycles = 0;
  /// Of each level of the adder tree in which sums of several PEs meet.
  std::int64_t adder_latency_cycles = 1;
  /// A finished tile operation keeps its partition until the results before it are written back, and counts as in
  /// flight until its own are.
  bool hold_results = false;
  /// Columns of each stage, by stage name; the others go left to right in tree order.
  std::map<std::string, std::int64_t> partition;
};

/// Link between the global buffer and the PE array.
struct BusSettings {
  std::optional<std::int64_t> bits_per_second;  ///< nothing = unlimited
  std::int64_t latency_cycles = 0;
};

/// Network between the global buffer (and main memory) and the PE array on the rung `noc`.
struct NocSettings {
  std::string topology = "mesh";             ///< of routers (topologies/TopologyTable.hpp), "bus" or "crossbar"
  std::optional<std::int64_t> flit_bits;     ///< a link carries these a cycle; nothing = a line of the global buffer
  std::int64_t networks = 3;                 ///< side by side; an einsum's operands go round them
  std::optional<std::int64_t> buffer_ports;  ///< of the global buffer, on the top edge; nothing = one for each column
  std::optional<std::int64_t> side_ports;    ///< of the global buffer, on the left edge; nothing = one for each row
  std::int64_t dram_ports = 1;               ///< of main memory, on the bottom edge
  std::int64_t virtual_channels = 2;
  std::int64_t buffer_flits = 8;  ///< of each virtual channel
  // Cycles of each stage of a router.
  std::int64_t routing_delay = 0;
  std::int64_t vc_allocation_delay = 1;
  std::int64_t switch_allocation_delay = 1;
  std::int64_t switch_traversal_delay = 1;
  std::int64_t link_delay = 1;
  std::int64_t credit_delay = 1;
  double hop_pj_per_bit = 0.1;  ///< a router and 1 mm of link; see docs/noc.md
};

struct DramSettings {
  std::int64_t burst_bits = 512;   ///< a transfer is cut into bursts of this size
  bool separate_channels = false;  ///< reads and writes each have a channel of the full bandwidth

  // From the rung `dram` on.
  std::string part;  ///< a shipped part or the path of a part's file; empty: by the type of the outermost memory
  std::string mapping = "row:bank:bankgroup:column";
  std::int64_t channels = 1;
  std::optional<std::int64_t> ranks;  ///< of a channel; nothing: the part's
  DramControllerSettings controller;  ///< but for its ranks
  SourcePosition part_where;
  SourcePosition mapping_where;
};

/// Rungs of the fidelity ladder, each keeps the ones before.
enum class Fidelity { ideal, bandwidth, dram, glb, noc };

/// What a simulation models beyond the steps of the PE array. A rung of the ladder has those of the rungs below it;
/// `--only` has one alone, so that its share can be seen.
struct Effects {
  bool bandwidth = false;  ///< ports, bus, fixed DRAM latency, fixed costs and sizes
  bool dram = false;       ///< JEDEC DRAM instead of a fixed latency
  bool glb = false;        ///< banks and data layout of the global buffer
  bool noc = false;        ///< mesh between the global buffer and the PE array

  bool any() const { return bandwidth || dram || glb || noc; }
};
Effects effects_of(Fidelity rung);
/// The effect that a rung adds, alone.
Effects only_effect_of(Fidelity rung);

/// What the machine is. Level i of the tree is memories[i]; the level after the last memory is the compute level.
struct Architecture {
  std::vector<MemoryLevel> memories;  ///< outermost first
  ComputeLevel compute;
  PeMesh mesh;
  BusSettings bus;
  std::optional<NocSettings> noc = NocSettings();  ///< nothing: `bus` carries what it would
  DramSettings dram;
  std::int64_t clock_hz = 1'000'000'000;
  std::int64_t prefetch = 1;  ///< tiles fetched ahead; tiles in flight = prefetch + 1
  Fidelity default_fidelity = Fidelity::ideal;
  bool built_in_ideal = true;  ///< no architecture was given (preset:ideal counts as none)

  LevelId compute_level() const { return LevelId(memories.size()); }
};

/// The part that main memory is made of: the one given, or one that fits the type of the outermost memory.
std::string dram_part_name(const Architecture& architecture);

/// Name of a level, memory or compute.
const std::string& level_name(const Architecture& architecture, LevelId level);

/// The machine that applies without an architecture: unlimited memories named MainMemory, GlobalBuffer, PEBuffer,
/// PEBuffer3, …, and MACs. `levels` counts the compute level; at least 2.
Architecture ideal_architecture(std::size_t levels);

}  // namespace loopsim
