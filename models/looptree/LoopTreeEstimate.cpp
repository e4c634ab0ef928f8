#include "models/looptree/LoopTreeEstimate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/CheckedMath.hpp"
#include "models/looptree/Capacity.hpp"
#include "models/looptree/EinsumTimeline.hpp"
#include "models/looptree/EnergyAccount.hpp"
#include "models/looptree/EnumeratedAccess.hpp"
#include "models/looptree/Latency.hpp"
#include "models/looptree/MemoryTime.hpp"
#include "models/looptree/Traffic.hpp"
#include "models/looptree/factored/FactoredAccess.hpp"

namespace loopsim {

namespace {

/// Series of nodes further in run over PE iterations and are not reported.
constexpr std::size_t innermost_level_with_series = 1;

bool wants_series(const AccessPath& path) {
  return path.storage && path.level.value <= innermost_level_with_series;
}

void measure_einsums(const BoundTree& tree, const IdVector<EinsumId, EinsumTimeline>& timelines,
                     LoopTreeEstimate& result) {
  for (std::size_t i = 0; i < timelines.size(); ++i) {
    const EinsumTimeline& timeline = timelines[EinsumId(i)];
    EinsumMeasures measures;
    measures.ops = timeline.ops;
    measures.space_ops = operation_space_size(tree.graph, EinsumId(i));
    measures.distinct_ops = timeline.distinct_ops;
    for (std::int64_t steps : timeline.steps) measures.steps = checked_add(measures.steps, steps);
    measures.ops_per_tile = timeline.ops_per_tile;
    measures.steps_per_tile = timeline.steps_per_tile;
    result.measures.einsums.push_back(std::move(measures));
    result.macs = checked_add(result.macs, timeline.ops);
  }
}

void measure_latency(const BoundTree& tree, const IdVector<EinsumId, EinsumTimeline>& timelines,
                     LoopTreeEstimate& result) {
  const Latency time = latency(tree, timelines);
  result.compute_cycles = time.pipelined;
  result.sequential_steps = time.sequential;
  result.unlimited_steps = time.unlimited;
  const bool pipelines = std::any_of(tree.nodes.begin(), tree.nodes.end(),
                                     [](const BoundNode& node) { return node.kind == NodeKind::pipeline; });
  if (pipelines) result.hidden_steps = time.sequential - time.pipelined;
}

AccessCounts count_access(const BoundTree& tree, const AccessPath& path, TileLists& tiles) {
  const auto counts = factored_access(tree, path, tiles, wants_series(path));
  return counts ? *counts : enumerate_access(tree, path);
}

std::vector<AccessTraffic> count_accesses(const BoundTree& tree, TileLists& tiles) {
  std::vector<AccessTraffic> accesses;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    for (AccessPath& path : access_paths(tree, EinsumId(e))) {
      AccessTraffic access;
      access.counts = count_access(tree, path, tiles);
      access.path = std::move(path);
      accesses.push_back(std::move(access));
    }
  }
  settle_traffic(tree, InstancesAtWork(tree, tiles), accesses);
  // By level, then in tree order; at the compute level by einsum, its tensors in the order of its accesses.
  auto place = [&](const AccessTraffic& access) {
    const NodeId node = access.path.storage.value_or(access.path.position);
    return std::pair(access.path.level, node);
  };
  std::stable_sort(accesses.begin(), accesses.end(),
                   [&](const AccessTraffic& a, const AccessTraffic& b) { return place(a) < place(b); });
  return accesses;
}

void measure_accesses(const BoundTree& tree, std::vector<AccessTraffic>& accesses, LoopTreeEstimate& result) {
  result.measures.levels = IdVector<LevelId, LevelMeasures>(tree.architecture.memories.size());
  std::map<NodeId, std::int64_t> held;
  for (AccessTraffic& access : accesses) {
    const AccessPath& path = access.path;
    AccessMeasures measures;
    measures.level = path.level;
    measures.tensor = path.tensor;
    measures.einsum = path.einsum;
    measures.parent_reads = access.counts.parent_reads;
    measures.peer = access.counts.peer;
    if (path.storage) {
      measures.node = tree.nodes[*path.storage].ordinal;
      measures.reads = access.reads;
      measures.writes = access.writes;
      measures.fills = access.counts.fills;
      measures.max_occupancy = access.counts.max_occupancy;
      LevelMeasures& level = result.measures.levels[path.level];
      level.reads = checked_add(level.reads, access.reads);
      level.writes = checked_add(level.writes, access.writes);
      std::int64_t& most = held[*path.storage];
      most = std::max(most, access.counts.max_occupancy);
    }
    if (wants_series(path)) {
      measures.fill_series = std::move(access.counts.fill_series);
      measures.occupancy_series = std::move(access.counts.occupancy_series);
      if (!measures.fill_series) {
        result.warnings.push_back(
            fmt::format("the series of '{}' in '{}' for '{}' have {} entries and are left out (at most {})",
                        tree.graph.tensors[path.tensor].name, level_name(tree.architecture, path.level),
                        tree.graph.einsums[path.einsum].name, access.counts.series_length, longest_series));
      }
    }
    result.measures.accesses.push_back(std::move(measures));
  }
  result.required_words = required_words(tree, held);
}

void measure_memory_time(const BoundTree& tree, const std::vector<AccessTraffic>& accesses, LoopTreeEstimate& result) {
  const std::size_t levels = tree.architecture.memories.size();
  IdVector<LevelId, std::int64_t> read_bits(levels);
  IdVector<LevelId, std::int64_t> write_bits(levels);
  for (const AccessTraffic& access : accesses) {
    if (!access.path.storage) continue;
    const LevelId level = access.path.level;
    const std::int64_t bits = word_bits(tree, access.path.tensor, level);
    read_bits[level] = checked_add(read_bits[level], checked_multiply(access.reads_per_instance, bits));
    write_bits[level] = checked_add(write_bits[level], checked_multiply(access.writes_per_instance, bits));
  }
  result.cycles = result.compute_cycles;
  result.bound_by = "compute";
  for (std::size_t i = 0; i < levels; ++i) {
    const LevelId level(i);
    const MemoryLevel& memory = tree.architecture.memories[i];
    const std::int64_t cycles =
        memory_cycles(memory.bandwidth, read_bits[level], write_bits[level], tree.architecture.clock_hz);
    result.memory_cycles.push_back(cycles);
    if (cycles <= result.cycles) continue;
    result.cycles = cycles;
    result.bound_by = memory.name;
  }
}

}  // namespace

LoopTreeEstimate estimate(const BoundTree& tree) {
  LoopTreeEstimate result;
  TileLists tiles(tree);
  IdVector<EinsumId, EinsumTimeline> timelines;
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    timelines.push_back(einsum_timeline(tree, EinsumId(e), tiles));
  }
  measure_einsums(tree, timelines, result);
  measure_latency(tree, timelines, result);
  std::vector<AccessTraffic> accesses = count_accesses(tree, tiles);
  measure_accesses(tree, accesses, result);
  measure_memory_time(tree, accesses, result);
  result.layout = layout_slowdowns(tree, tiles);
  result.measures.energy = energy_account(tree, accesses, timelines);
  for (const EnergyMeasure& entry : result.measures.energy) result.energy_pj += entry.pj;
  return result;
}

}  // namespace loopsim
