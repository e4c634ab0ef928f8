#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/Quantity.hpp"
#include "mapping/Measures.hpp"
#include "sim/attribution/DramSeries.hpp"

namespace loopsim {

/// Why a stage, or the critical path, did not compute in a cycle. See docs/attribution.md.
enum class StallCause { dram, glb, noc, space, writeback, dependency };
constexpr std::size_t stall_causes = 6;
const char* to_string(StallCause cause);

/// What steps of an einsum need of a memory's port that is too slow for them.
struct PortNeed {
  StallCause cause = StallCause::glb;
  std::string port;  ///< "GLB.read", or "GLB" where one port serves both directions
  std::string tensor;
  std::string einsum;
  std::int64_t cycles = 0;    ///< that the steps waited for these words
  std::int64_t rounding = 0;  ///< and for the next edge of the clock
  double step_words = 0;      ///< the most that a step takes, of all tensors, in words of the memory
  double port_words = 0;      ///< a cycle
};

/// Where each cycle of one stage went; the parts sum to the run's cycles.
struct StageAccount {
  std::string stage;
  std::int64_t compute = 0;
  std::int64_t ramp = 0;
  std::int64_t drain = 0;
  std::int64_t idle = 0;
  std::int64_t stall[stall_causes] = {};
  /// Finer causes; those of stall.dram, stall.glb and stall.noc sum to them. "glb.port:GLB.read/W/Conv1" names a port,
  /// the tensor that takes most of it, and the einsum.
  std::map<std::string, std::int64_t> detail;
  std::vector<PortNeed> ports;  ///< of those with a port

  std::int64_t total() const;
};

/// Words of one storage node and einsum that differ from LoopTree's count for a known reason, counted while executing.
/// "Child" is the next storage node of the tensor below, or the array.
struct AccessDifferences {
  std::int64_t first_updates = 0;           ///< filled words that are initialised, so not read from the parent
  std::int64_t reduction_starts = 0;        ///< copies that start at zero, as another instance takes the partial sum
  std::int64_t drain_reads = 0;             ///< words read here to be written to the parent
  std::int64_t padding_fills = 0;           ///< fills of words outside the tensor, not made
  std::int64_t shared_fills = 0;            ///< words that another einsum had already fetched into the node
  std::int64_t refetched_fills = 0;         ///< words fetched although held, as the level fetches every tile whole
  std::int64_t local_peers = 0;             ///< words LoopTree takes from a neighbour that are made in place instead
  std::int64_t child_first_updates = 0;     ///< distinct words that the child initialises instead of reading them here
  std::int64_t child_reduction_starts = 0;  ///< updates by the child of copies that start at zero
  std::int64_t child_padding = 0;           ///< distinct words outside the tensor that the child does not fill
  std::int64_t child_shared = 0;     ///< distinct words not read for the child, as another einsum had fetched them
  std::int64_t child_refetched = 0;  ///< distinct words read although the child holds them
  std::int64_t child_multicast =
      0;                         ///< LoopTree's reads (or writes) for the child − ours, as one serves other instances
  std::int64_t rewritten = 0;    ///< words written by the child once more, as they were made again while held
  std::int64_t held_fills = 0;   ///< words that come back before they have left
  std::int64_t child_held = 0;   ///< distinct words not read for the child, as it still holds them
  std::int64_t held_writes = 0;  ///< words that the child writes once for several fills, as it still holds them
  std::int64_t idle_refills = 0;  ///< fills of an instance after a while in which it was idle
  std::int64_t child_apart = 0;   ///< words read more often, as the child's instances take them at other times
  std::int64_t peers = 0;         ///< words taken from neighbours − LoopTree's
  std::int64_t own_distinct = 0;  ///< at the MACs: distinct words that they take − LoopTree's, for the same reason
  std::int64_t child_peers = 0;   ///< distinct words that the child takes − LoopTree's, as its peers are others
  // Where one copy serves several instances of a level, what is counted − what LoopTree counts for each of them:
  std::int64_t one_copy_fills = 0;
  std::int64_t one_copy_occupancy = 0;
  std::int64_t one_copy_peers = 0;
  std::int64_t child_one_copy = 0;        ///< distinct words that the child takes
  std::int64_t one_copy_fill_places = 0;  ///< of the series: places that differ
  std::int64_t one_copy_occupancy_places = 0;
};

struct LevelOccupancy {
  std::int64_t peak_words = 0;                      ///< most words held at once in one instance
  std::int64_t min_words = 0;                       ///< the least this schedule can run in
  std::int64_t peak_live_words = 0;                 ///< most words held and still to be read
  std::optional<std::int64_t> boundary_live_words;  ///< most words carried from tile to tile, see LiveAtBoundaries
};

/// What only the JEDEC model knows. Cycles are core cycles, of a channel on average.
struct JedecCounters {
  std::int64_t forwarded_reads = 0;  ///< served from a write that still waited; no data on the bus
  std::int64_t row_hits = 0;
  std::int64_t row_misses = 0;
  std::int64_t row_conflicts = 0;
  std::int64_t refreshes = 0;
  std::int64_t refresh_blocked_cycles = 0;                     ///< a rank waited for or was in refresh
  std::int64_t turnaround_cycles = 0;                          ///< the data bus stood still to change direction or rank
  std::vector<std::pair<std::string, std::int64_t>> commands;  ///< how many were sent, by name

  struct Energy {
    std::string action;      ///< as in Measures::energy
    std::int64_t count = 0;  ///< commands; of the background core cycles
    double pj = 0;
  };
  std::vector<Energy> energy;  ///< empty if the part has no currents
};

struct DramCounters {
  std::int64_t read_bytes = 0;
  std::int64_t write_bytes = 0;
  std::int64_t read_bursts = 0;
  std::int64_t write_bursts = 0;
  std::int64_t busy_cycles = 0;        ///< of the data bus; with several channels on average
  std::optional<JedecCounters> jedec;  ///< from the rung `dram` on
  DramSeries series;                   ///< sums to the counters
};

/// What one tensor's layout costs an einsum's steps, were it alone in the banks.
struct LayoutCounters {
  EinsumId einsum;
  TensorId tensor;
  std::int64_t steps = 0;        ///< steps that take some of its lines
  std::int64_t words = 0;        ///< distinct ones that they take in one direction, of all instances of the level
  std::int64_t lines = 0;        ///< that they take in one direction
  std::int64_t bank_cycles = 0;  ///< sum over these steps of what the busiest bank needs
};

/// What the banks of level 1 did.
struct BankCounters {
  std::int64_t conflict_cycles = 0;     ///< steps waited for lines of their own in one bank
  std::int64_t arbitration_cycles = 0;  ///< steps waited for a bank that another user had
  std::int64_t line_accesses = 0;
  std::vector<std::int64_t> busy_cycles;  ///< of each bank: of the busier of its ports
  std::vector<LayoutCounters> layout;
};

struct GlbCounters {
  std::int64_t read_busy_cycles = 0;  ///< of the ports; with banks, of the busiest bank
  std::int64_t write_busy_cycles = 0;
  std::int64_t port_wait_cycles = 0;  ///< steps waited for a port that another user had
  std::optional<BankCounters> banks;  ///< nothing = not banked on this rung
};

/// Flits on every link of a mesh, which are also the cycles that the link was busy. Lists go by router, row by row.
struct MeshLoad {
  /// A way into the mesh and out of it, at the edge.
  struct Port {
    std::int64_t place = 0;  ///< column, on the left edge row
    std::int64_t in = 0;
    std::int64_t out = 0;
  };
  std::int64_t columns = 0;
  std::int64_t rows = 0;
  std::vector<std::int64_t> east, west, south, north;  ///< to that neighbour; 0 where there is none
  std::vector<std::int64_t> node_in, node_out;         ///< from the node into its router, and back
  std::vector<Port> buffer_ports;                      ///< at the top row
  std::vector<Port> side_ports;                        ///< at the left column
  std::vector<Port> dram_ports;                        ///< at the bottom row
};

struct NocCounters {
  struct Link {
    std::string name;
    std::int64_t flits = 0;  ///< also its busy cycles
  };
  struct Network {
    std::int64_t flits = 0;           ///< entered; a sum counts each share
    std::int64_t flit_hops = 0;       ///< flits times links behind routers
    double bit_hops = 0;              ///< the same for the bits that they carry
    std::int64_t deliveries = 0;      ///< packets times destinations
    std::int64_t latency_cycles = 0;  ///< of these, each step taken by itself
    std::vector<Link> busiest;        ///< links, busiest first
    std::vector<MeshLoad> meshes;     ///< by network; none of a bus, a crossbar, or a mesh too large to list
  };
  std::int64_t packets = 0;
  std::int64_t bits = 0;
  std::int64_t busy_cycles = 0;    ///< of the link to the array, or of the busiest link
  std::optional<Network> network;  ///< nothing = there is one link without packets on this rung
  /// Meshes for each operand of an einsum, where there are fewer and steps wait for the network a good while.
  struct MoreNetworks {
    std::int64_t networks = 0;
    std::int64_t saved_cycles = 0;  ///< of steps' waits for their own packets, at most
  };
  std::optional<MoreNetworks> more_networks;
};

struct FunctionalResult {
  std::int64_t checked = 0;  ///< output words compared
  std::int64_t mismatches = 0;
  std::vector<std::string> messages;  ///< the first few
};

/// One entry of the bridge from the estimate's cycles to the simulation's, from the walk along the critical path.
struct PathCycles {
  std::int64_t compute = 0;
  std::int64_t stall[stall_causes] = {};

  std::int64_t total() const;
};

struct Measurement {
  Measures measures;
  std::int64_t cycles = 0;
  std::int64_t macs = 0;
  double energy_pj = 0;
  std::vector<StageAccount> accounting;
  PathCycles path;                  ///< sums to `cycles`
  std::int64_t pipeline_steps = 0;  ///< two-slot recurrence over the executed steps per tile
  IdVector<LevelId, LevelOccupancy> levels;
  /// Operations for words that a buffer still held, as an inner loop started over: see HeldRecomputation.
  IdVector<EinsumId, std::int64_t> wrap_recomputed_ops;
  std::vector<AccessDifferences> differences;  ///< parallel to measures.accesses
  DramCounters dram;
  GlbCounters glb;
  NocCounters noc;
  std::optional<FunctionalResult> functional;
  std::vector<std::string> conservation_errors;  ///< empty unless the simulator is wrong
  std::vector<std::string> warnings;
};

}  // namespace loopsim
