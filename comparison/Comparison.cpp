#include "comparison/Comparison.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "comparison/Bridge.hpp"

namespace loopsim {

namespace {

using AccessKey = std::tuple<LevelId, TensorId, EinsumId, int>;

AccessKey key_of(const AccessMeasures& access) {
  return {access.level, access.tensor, access.einsum, access.node};
}

/// Of energies, which are sums of fractions.
constexpr Amount energy_tolerance = 1e-9;

bool equal(Amount a, Amount b, Amount tolerance) {
  return std::abs(a - b) <= tolerance * std::max({Amount(1), std::abs(a), std::abs(b)});
}

/// Equal, or explained when the causes sum exactly to the difference.
ComparisonEntry judge(std::string metric, Amount estimate, Amount simulation, std::vector<Cause> causes,
                      Amount tolerance = 0) {
  ComparisonEntry entry{std::move(metric), estimate, simulation, Verdict::equal, {}};
  Amount sum = 0;
  for (Cause& cause : causes) {
    if (cause.amount == 0) continue;
    sum += cause.amount;
    entry.causes.push_back(std::move(cause));
  }
  if (equal(estimate, simulation, tolerance) && equal(sum, 0, tolerance)) {
    entry.causes.clear();
  } else {
    entry.verdict =
        equal(sum, entry.delta(), tolerance) && !entry.causes.empty() ? Verdict::explained : Verdict::unexplained;
  }
  return entry;
}

Amount number(std::int64_t n) {
  return static_cast<Amount>(n);
}

bool has_parent(const BoundTree& tree, const AccessMeasures& access) {
  const std::vector<NodeId> chain = storage_chain(tree, access.einsum, access.tensor);
  const BoundNode& first = tree.nodes[chain.front()];
  return first.level != access.level || first.ordinal != access.node;
}

void compare_access(const BoundTree& tree, const AccessMeasures& estimate, const AccessMeasures& simulation,
                    const AccessDifferences& d, std::vector<ComparisonEntry>& entries) {
  const bool compute = !(simulation.level.value < tree.architecture.memories.size()) ||
                       tree.nodes[tree.compute_node[simulation.einsum]].level == simulation.level;
  const std::string name = fmt::format("{}/{}/{}{}", simulation.level.value, tree.graph.tensors[simulation.tensor].name,
                                       tree.graph.einsums[simulation.einsum].name,
                                       simulation.node > 0 ? fmt::format("#{}", simulation.node) : "");
  const auto add = [&](const char* metric, std::int64_t e, std::int64_t s, std::vector<Cause> causes) {
    entries.push_back(judge(fmt::format("{}:{}", metric, name), number(e), number(s), std::move(causes)));
  };
  if (compute) {
    add("parent_reads", estimate.parent_reads, simulation.parent_reads, {{"neighbour_rule", number(d.own_distinct)}});
    add("peer", estimate.peer, simulation.peer, {{"neighbour_rule", number(d.peers)}});
    return;
  }
  const bool written = tree.graph.einsums[simulation.einsum].output.tensor == simulation.tensor;
  const std::int64_t volume = tree.tensors[simulation.tensor].words;
  std::vector<Cause> reads;
  std::vector<Cause> writes;
  const bool fetches = has_parent(tree, simulation);
  std::vector<Cause> fills{{"idle_refill", number(d.idle_refills)}, {"shared_by_instances", number(d.one_copy_fills)}};
  std::vector<Cause> peers{{"neighbour_rule", number(d.peers)}, {"shared_by_instances", number(d.one_copy_peers)}};
  const auto cause = [](std::vector<Cause>& list, const char* label, std::int64_t amount) {
    const auto known = std::find_if(list.begin(), list.end(), [&](const Cause& other) { return other.name == label; });
    if (known == list.end()) {
      list.push_back({label, number(amount)});
    } else {
      known->amount += number(amount);
    }
  };
  cause(reads, "padding_as_data", -d.child_padding);
  cause(reads, "made_in_place", -d.local_peers);
  cause(reads, "bypass_multicast", -d.child_multicast);
  cause(reads, "drain_read", d.drain_reads);
  cause(reads, "still_held", -d.child_held);
  cause(reads, "refetch", d.child_refetched);
  cause(reads, "apart_in_time", d.child_apart);
  cause(reads, "neighbour_rule", d.peers + d.child_peers);
  cause(reads, "shared_by_instances", d.one_copy_peers + d.child_one_copy);
  if (fetches) {
    cause(writes, "still_held", -d.held_fills);
    cause(writes, "refetch", d.refetched_fills);
    cause(writes, "idle_refill", d.idle_refills);
    cause(writes, "shared_by_instances", d.one_copy_fills);
  }
  if (written) {
    cause(reads, "partial_sum_first_read", volume - d.child_first_updates);
    cause(reads, "reduction_start", -d.child_reduction_starts);
    cause(writes, "rewritten", d.rewritten);
    cause(writes, "still_held", -d.held_writes);
    cause(writes, "apart_in_time", d.child_apart);
    cause(writes, "neighbour_rule", d.child_peers);
    cause(writes, "shared_by_instances", d.child_one_copy);
    cause(writes, "bypass_multicast", -d.child_multicast);
    if (fetches) {
      cause(writes, "partial_sum_first_read", volume - d.first_updates);
      cause(writes, "reduction_start", -d.reduction_starts);
    }
  } else {
    cause(reads, "shared_fill", -d.child_shared);
    cause(writes, "padding_as_data", -d.padding_fills);
    cause(writes, "shared_fill", -d.shared_fills);
  }
  add("reads", estimate.reads, simulation.reads, std::move(reads));
  add("writes", estimate.writes, simulation.writes, std::move(writes));
  add("fills", estimate.fills, simulation.fills, std::move(fills));
  add("max_occupancy", estimate.max_occupancy, simulation.max_occupancy,
      {{"shared_by_instances", number(d.one_copy_occupancy)}});
  add("peer", estimate.peer, simulation.peer, std::move(peers));
  // A series is reported only where it differs: by the number of places that do.
  const auto series = [&](const char* metric, const auto& e, const auto& s, std::int64_t one_copy) {
    if (!e || !s || *e == *s) return;
    std::int64_t places = static_cast<std::int64_t>(std::max(e->size(), s->size()) - std::min(e->size(), s->size()));
    for (std::size_t i = 0; i < std::min(e->size(), s->size()); ++i) places += (*e)[i] != (*s)[i];
    add(metric, 0, places, {{"shared_by_instances", number(one_copy)}});
  };
  series("fill_series", estimate.fill_series, simulation.fill_series, d.one_copy_fill_places);
  series("occupancy_series", estimate.occupancy_series, simulation.occupancy_series, d.one_copy_occupancy_places);
}

/// LoopTree's capacity rule over the tiles that were executed: nodes on a path add, a sequential takes the largest
/// branch, a pipeline the sum.
std::int64_t capacity_by_rule(const BoundTree& tree, const std::map<AccessKey, std::int64_t>& occupancy, NodeId id,
                              LevelId level) {
  const BoundNode& node = tree.nodes[id];
  std::int64_t own = 0;
  if (node.kind == NodeKind::storage && node.level == level) {
    for (EinsumId einsum : node.einsums) {
      const auto found = occupancy.find({level, node.tensor, einsum, node.ordinal});
      if (found != occupancy.end()) own = std::max(own, found->second);
    }
  }
  std::int64_t below = 0;
  for (NodeId child : node.children) {
    const std::int64_t one = capacity_by_rule(tree, occupancy, child, level);
    below = node.kind == NodeKind::pipeline ? below + one : std::max(below, one);
  }
  return own + below;
}

void compare_capacity(const BoundTree& tree, const LoopTreeEstimate& estimate, const Measurement& measurement,
                      std::vector<ComparisonEntry>& entries) {
  std::map<AccessKey, std::int64_t> occupancy;
  for (std::size_t i = 0; i < measurement.measures.accesses.size(); ++i) {
    const AccessMeasures& access = measurement.measures.accesses[i];
    occupancy[key_of(access)] = access.max_occupancy - measurement.differences[i].one_copy_occupancy;
  }
  for (std::size_t level = 0; level < measurement.levels.size(); ++level) {
    const LevelOccupancy& run = measurement.levels[LevelId(level)];
    const std::int64_t by_rule = capacity_by_rule(tree, occupancy, tree.root(), LevelId(level));
    entries.push_back(judge("required_words:" + level_name(tree.architecture, LevelId(level)),
                            number(estimate.required_words[LevelId(level)]), number(run.peak_words),
                            {{"held_together", number(run.min_words - by_rule)},
                             {"in_flight_tiles", number(run.peak_words - run.min_words)}}));
  }
}

void compare_energy(const BoundTree& tree, const LoopTreeEstimate& estimate, const Measurement& measurement,
                    std::vector<ComparisonEntry>& entries) {
  const auto action_energy = [&](const AccessMeasures& access, bool read) {
    const ComponentEnergy& energy = tree.architecture.memories[access.level.value].energy;
    return read ? energy.read_pj : energy.write_pj;
  };
  const auto word_energy = [&](const Measures& measures, std::size_t levels) {
    double total = 0;
    for (const AccessMeasures& access : measures.accesses) {
      if (access.level.value >= levels) continue;
      total += static_cast<double>(access.reads) * action_energy(access, true) +
               static_cast<double>(access.writes) * action_energy(access, false);
    }
    return total;
  };
  double accesses = 0;
  double leakage = 0;
  double commands = 0;
  double hops = 0;
  if (measurement.dram.jedec) {
    for (const JedecCounters::Energy& energy : measurement.dram.jedec->energy) commands += energy.pj;
  }
  for (const EnergyMeasure& energy : measurement.measures.energy) {
    if (energy.action == "leak") leakage += energy.pj;
    if (energy.action == "hop") hops += energy.pj;
    if (energy.action == "read" || energy.action == "write") accesses += energy.pj;
  }
  const std::size_t levels = tree.architecture.memories.size();
  const double simulated_words = word_energy(measurement.measures, levels);
  // Of main memory, whose accesses cost nothing where its commands do.
  const bool by_command = measurement.dram.jedec && !measurement.dram.jedec->energy.empty();
  const double replaced = by_command ? word_energy(measurement.measures, 1) : 0;
  // On a grid fine enough for 1e-14 and coarse enough that sums and differences of doubles are exact.
  const double grid = std::ldexp(1.0, std::ilogb(std::max({1.0, estimate.energy_pj, measurement.energy_pj})) - 47);
  const auto on_grid = [&](double pj) { return std::nearbyint(pj / grid) * grid; };
  const double from = on_grid(estimate.energy_pj);
  const double to = on_grid(measurement.energy_pj);
  const double width = on_grid(accesses - (simulated_words - replaced));
  const double command = on_grid(commands - replaced);
  const double leak = on_grid(leakage);
  const double network = on_grid(hops);
  double counts = on_grid(simulated_words - word_energy(estimate.measures, levels));
  const double rest = (to - from) - width - leak - command - network;
  if (std::abs(rest - counts) <= 1e-9 * std::max(from, to)) counts = rest;
  entries.push_back(judge("energy_pj", from, to,
                          {{"access_counts", counts},
                           {"access_width", width},
                           {"dram_commands", command},
                           {"network", network},
                           {"leakage", leak}},
                          energy_tolerance));
}

}  // namespace

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::equal:
      return "equal";
    case Verdict::explained:
      return "explained";
    case Verdict::unexplained:
      return "unexplained";
  }
  return "";
}

bool Comparison::unexplained() const {
  return std::any_of(entries.begin(), entries.end(),
                     [](const ComparisonEntry& e) { return e.verdict == Verdict::unexplained; });
}

Comparison compare(const BoundTree& tree, const LoopTreeEstimate& estimate, const Measurement& measurement) {
  Comparison result;
  result.bridge = build_bridge(estimate, measurement);
  std::vector<Cause> causes;
  for (const BridgeEntry& entry : result.bridge) causes.push_back({entry.cause, number(entry.cycles)});
  result.entries.push_back(judge("cycles", number(estimate.cycles), number(measurement.cycles), std::move(causes)));
  // The overlap formula is exact for chains of two stages, so a difference there is nobody's approximation.
  if (!overlap_formula_is_heuristic(tree) && measurement.pipeline_steps != estimate.compute_cycles) {
    result.entries.front().verdict = Verdict::unexplained;
  }
  result.entries.push_back(judge("macs", number(estimate.macs), number(measurement.macs), {}));
  compare_energy(tree, estimate, measurement, result.entries);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const std::string& name = tree.graph.einsums[EinsumId(e)].name;
    const EinsumMeasures& a = estimate.measures.einsums[EinsumId(e)];
    const EinsumMeasures& b = measurement.measures.einsums[EinsumId(e)];
    result.entries.push_back(judge("ops:" + name, number(a.ops), number(b.ops), {}));
    result.entries.push_back(judge("distinct_ops:" + name, number(a.distinct_ops), number(b.distinct_ops), {}));
    result.entries.push_back(judge("steps:" + name, number(a.steps), number(b.steps), {}));
  }
  compare_capacity(tree, estimate, measurement, result.entries);

  std::map<AccessKey, std::size_t> estimated;
  for (std::size_t i = 0; i < estimate.measures.accesses.size(); ++i)
    estimated[key_of(estimate.measures.accesses[i])] = i;
  for (std::size_t i = 0; i < measurement.measures.accesses.size(); ++i) {
    const AccessMeasures& simulated = measurement.measures.accesses[i];
    const auto found = estimated.find(key_of(simulated));
    const AccessMeasures none;
    compare_access(tree, found == estimated.end() ? none : estimate.measures.accesses[found->second], simulated,
                   measurement.differences[i], result.entries);
    if (found != estimated.end()) estimated.erase(found);
  }
  for (const auto& [key, index] : estimated) {  // what only the estimate knows of
    AccessMeasures none = estimate.measures.accesses[index];
    none.reads = none.writes = none.fills = none.parent_reads = none.peer = none.max_occupancy = 0;
    compare_access(tree, estimate.measures.accesses[index], none, {}, result.entries);
  }
  return result;
}

}  // namespace loopsim
