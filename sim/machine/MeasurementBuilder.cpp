#include "sim/machine/MeasurementBuilder.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/CheckedMath.hpp"
#include "sim/attribution/EnergyCount.hpp"
#include "sim/machine/StageDetails.hpp"

namespace loopsim {

namespace {

/// An entry of the report in the making: counts and how they differ from LoopTree's.
struct Row {
  AccessMeasures measures;
  AccessDifferences differences;
};

EinsumMeasures einsum_measures(const BoundTree& tree, EinsumId einsum, const OperationTotals& totals) {
  EinsumMeasures result;
  result.ops = totals.operations();
  result.space_ops = operation_space_size(tree.graph, einsum);
  result.distinct_ops = totals.distinct_operations();
  result.steps = totals.steps();
  result.ops_per_tile = totals.operations_per_tile();
  result.steps_per_tile = totals.steps_per_tile();
  return result;
}

/// Rows of the private buffers and the compute level, from the array's traffic.
std::vector<Row> array_rows(const BoundTree& tree, const Leaf& leaf, const std::vector<TrafficPoint>& points,
                            const std::vector<ArrayTraffic>& traffic) {
  std::vector<Row> rows(points.size());
  for (std::size_t p = 0; p < points.size() && p < traffic.size(); ++p) {
    const TrafficPoint& point = points[p];
    const ArrayTraffic& t = traffic[p];
    const BoundNode& node = tree.nodes[point.node];
    AccessMeasures& own = rows[p].measures;
    AccessDifferences& difference = rows[p].differences;
    own.level = node.level;
    own.tensor = point.tensor;
    own.einsum = leaf.einsum;
    own.parent_reads = t.ruled_parent;
    own.peer = t.peers;
    difference.peers = -t.at_once_peers;
    difference.own_distinct = t.at_once_parent;
    const bool compute = node.kind == NodeKind::compute;
    if (!compute) {
      own.node = node.ordinal;
      own.fills = t.touched_fills;
      own.max_occupancy = t.touched_max_occupancy;
      own.reads += t.peers;
      if (!point.parent) {
        // It comes from nowhere, and goes nowhere.
      } else if (point.output) {
        own.writes += t.peers + t.moved_parent - t.first_updates;
        own.reads += t.moved_fills - t.peers;
        difference.drain_reads = t.moved_fills - t.peers;
        difference.first_updates = t.first_updates;
        difference.reduction_starts = t.reduction_starts;
      } else {
        own.writes += t.moved_fills;
        difference.padding_fills = t.touched_fills - t.moved_fills;
      }
    }
    // What the parent gives and takes, where it lies in the array too.
    for (std::size_t q = 0; q < points.size(); ++q) {
      if (!point.parent || points[q].node != *point.parent || points[q].tensor != point.tensor) continue;
      AccessMeasures& above = rows[q].measures;
      above.reads += t.moved_parent;
      rows[q].differences.child_padding += t.touched_parent - t.moved_parent;
      rows[q].differences.child_multicast += t.ruled_parent - t.touched_parent;
      rows[q].differences.child_peers += t.at_once_parent;
      rows[q].differences.child_apart += t.apart_parent;
      if (!point.output) continue;
      above.reads -= t.first_updates;
      above.writes += t.moved_parent;
      rows[q].differences.child_first_updates += t.first_updates;
      if (compute) {  // a copy that starts at zero is not read by its first update
        above.reads -= traffic[q].reduction_starts;
        rows[q].differences.child_reduction_starts += traffic[q].reduction_starts;
      }
    }
  }
  return rows;
}

}  // namespace

namespace {

/// Level 1 with banks: the busiest bank stands for the ports.
void count_banks(const BankPorts& ports, const PortCore& core, const Clock& clock, Measurement& result) {
  BankCounters banks;
  for (std::size_t b = 0; b < ports.read.size(); ++b) {
    const std::int64_t read = clock.edge(core.busy(ports.read[b])).value;
    const std::int64_t write = clock.edge(core.busy(ports.write[b])).value;
    banks.busy_cycles.push_back(std::max(read, write));
    banks.line_accesses += core.moved(ports.read[b]) / ports.line_bits;
    if (ports.write[b] != ports.read[b]) banks.line_accesses += core.moved(ports.write[b]) / ports.line_bits;
    result.glb.read_busy_cycles = std::max(result.glb.read_busy_cycles, read);
    result.glb.write_busy_cycles = std::max(result.glb.write_busy_cycles, write);
  }
  for (const StageAccount& account : result.accounting) {
    const auto cycles = [&](const char* name) {
      const auto found = account.detail.find(name);
      return found == account.detail.end() ? 0 : found->second;
    };
    banks.conflict_cycles += cycles("glb.bank_conflict");
    banks.arbitration_cycles += cycles("glb.arbitration");
  }
  result.glb.banks = std::move(banks);
}

void count_layouts(const Schedule& schedule, const Sequencer& sequencer, BankCounters& banks) {
  for (LeafIndex l = 0; l < schedule.leaves.size(); ++l) {
    const OperationTotals& totals = sequencer.totals(l);
    for (std::size_t p = 0; p < totals.points().size(); ++p) {
      const ArrayTraffic& traffic = totals.traffic()[p];
      if (traffic.line_steps == 0) continue;
      banks.layout.push_back({schedule.leaves[l].einsum, totals.points()[p].tensor, traffic.line_steps,
                              traffic.moved_parent, traffic.lines, traffic.bank_cycles});
    }
  }
}

/// Only where steps wait for their own packets for more than a twentieth of the cycles, as it takes simulations.
void look_for_more_networks(Machine& machine, Measurement& result) {
  constexpr std::int64_t tolerated_part = 20;
  std::int64_t waited = 0;
  for (const StageAccount& account : result.accounting) {
    const auto found = account.detail.find("noc.serialization");
    if (found != account.detail.end()) waited += found->second;
  }
  if (waited <= result.cycles / tolerated_part) return;
  auto more = machine.network()->more_networks(machine.ports().steps_of_loads());
  if (!more) return;
  more->saved_cycles = std::min(more->saved_cycles, waited);
  if (more->saved_cycles > result.cycles / tolerated_part) result.noc.more_networks = more;
}

}  // namespace

Measurement build_measurement(const BoundTree& tree, const Schedule& schedule, const Requirements& needed,
                              Machine& machine) {
  Sequencer& sequencer = machine.sequencer();
  Measurement result;
  result.cycles = sequencer.end().value;
  result.path = sequencer.path();
  result.pipeline_steps = sequencer.pipeline_steps();
  result.wrap_recomputed_ops = needed.wrap_recomputed;
  result.accounting = sequencer.accounts();
  for (StageIndex stage = 0; stage < result.accounting.size(); ++stage) {
    add_step_details(tree, machine, sequencer.waits(stage), result.accounting[stage]);
  }
  result.conservation_errors = sequencer.conservation_errors();
  result.measures.einsums = IdVector<EinsumId, EinsumMeasures>(tree.graph.einsums.size());
  const std::size_t levels = tree.architecture.memories.size();
  result.measures.levels = IdVector<LevelId, LevelMeasures>(levels);
  result.levels = IdVector<LevelId, LevelOccupancy>(levels);

  std::vector<Row> rows;
  for (AccessAccount& account : sequencer.holdings().accounts())
    rows.push_back({std::move(account.measures), account.differences});
  for (LeafIndex l = 0; l < schedule.leaves.size(); ++l) {
    const Leaf& leaf = schedule.leaves[l];
    const OperationTotals& totals = sequencer.totals(l);
    result.measures.einsums[leaf.einsum] = einsum_measures(tree, leaf.einsum, totals);
    result.macs += totals.operations();
    for (Row& row : array_rows(tree, leaf, totals.points(), totals.traffic())) rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.measures.level != b.measures.level) return a.measures.level < b.measures.level;
    if (a.measures.einsum != b.measures.einsum) return a.measures.einsum < b.measures.einsum;
    if (a.measures.tensor != b.measures.tensor) return a.measures.tensor < b.measures.tensor;
    return a.measures.node < b.measures.node;
  });
  for (Row& row : rows) {
    if (row.measures.level.value < levels) {
      result.measures.levels[row.measures.level].reads += row.measures.reads;
      result.measures.levels[row.measures.level].writes += row.measures.writes;
      if (row.measures.level.value < 2 && !row.measures.fill_series) {
        result.warnings.push_back(
            fmt::format("the series of '{}' in '{}' would have more than {} entries and is left out",
                        tree.graph.tensors[row.measures.tensor].name, level_name(tree.architecture, row.measures.level),
                        longest_series));
      }
    }
    result.differences.push_back(row.differences);
    result.measures.accesses.push_back(std::move(row.measures));
  }
  for (const auto& [level, peak] : sequencer.holdings().peaks()) {
    LevelOccupancy& occupancy = result.levels[level];
    occupancy.peak_words = peak.words;
    occupancy.peak_live_words = peak.live_words;
  }
  for (const auto& [level, peak] : needed.space) result.levels[level].min_words = peak.words;
  if (needed.live_at_boundaries) {
    for (const auto& [level, words] : *needed.live_at_boundaries) result.levels[level].boundary_live_words = words;
  }
  // Private buffers: what one PE holds for one einsum at a time, the most over the einsums.
  for (std::size_t level = 2; level < levels; ++level) {
    for (const Leaf& leaf : schedule.leaves) {
      std::int64_t words = 0;
      for (const AccessMeasures& access : result.measures.accesses) {
        if (access.level == LevelId(level) && access.einsum == leaf.einsum) words += access.max_occupancy;
      }
      LevelOccupancy& occupancy = result.levels[LevelId(level)];
      occupancy.peak_words = std::max(occupancy.peak_words, words);
      occupancy.min_words = std::max(occupancy.min_words, words);
      occupancy.peak_live_words = std::max(occupancy.peak_live_words, words);
    }
  }
  if (!sequencer.holdings().all_released())
    result.conservation_errors.push_back("words are left in a buffer at the end");
  for (const StageAccount& account : result.accounting) {
    if (account.total() != result.cycles) {
      result.conservation_errors.push_back(
          fmt::format("the rows of stage {} sum to {}, not to {}", account.stage, account.total(), result.cycles));
    }
    check_details(account, result.conservation_errors);
  }
  if (result.path.total() != result.cycles) {
    result.conservation_errors.push_back(
        fmt::format("the critical path sums to {}, not to {}", result.path.total(), result.cycles));
  }

  result.dram = machine.dram_counters(sequencer.end());
  const Clock clock = machine.clock();
  const auto busy = [&](std::optional<ServerIndex> server) {
    return server ? clock.edge(machine.ports().busy(*server)).value : 0;
  };
  const MemoryPorts& ports = machine.servers();
  if (!result.dram.jedec) {
    result.dram.busy_cycles =
        busy(ports.levels[0].read) + (ports.levels[0].write != ports.levels[0].read ? busy(ports.levels[0].write) : 0);
  }
  if (levels > 1) {
    result.glb.read_busy_cycles = busy(ports.levels[1].read);
    result.glb.write_busy_cycles = busy(ports.levels[1].write);
    if (ports.levels[1].banks) {
      count_banks(*ports.levels[1].banks, machine.ports(), clock, result);
      count_layouts(schedule, sequencer, *result.glb.banks);
    }
  }
  for (const StageAccount& account : result.accounting)
    result.glb.port_wait_cycles += account.stall[static_cast<std::size_t>(StallCause::glb)];
  if (machine.network() != nullptr) {
    result.noc = machine.network()->counters(machine.ports().steps_of_loads());
    look_for_more_networks(machine, result);
  } else if (ports.bus) {
    result.noc.bits = machine.ports().moved(*ports.bus);
    result.noc.busy_cycles = busy(ports.bus);
  }

  const MeshExtent used = needed.mesh.below(tree.root());
  const std::int64_t pes = checked_multiply(tree.architecture.mesh.columns.value_or(used.columns),
                                            tree.architecture.mesh.rows.value_or(used.rows));
  result.measures.energy = count_energy(tree, result.measures, result.cycles, pes);
  if (result.dram.jedec && !result.dram.jedec->energy.empty()) {
    charge_dram_commands(result.measures.energy, tree, *result.dram.jedec);
  }
  if (result.noc.network) charge_network(result.measures.energy, tree, *result.noc.network);
  for (const EnergyMeasure& energy : result.measures.energy) result.energy_pj += energy.pj;
  return result;
}

}  // namespace loopsim
