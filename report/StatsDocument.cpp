#include "report/StatsDocument.hpp"

#include "arch/FidelityName.hpp"
#include "report/AccountingJson.hpp"
#include "report/AdviceJson.hpp"
#include "report/ComparisonJson.hpp"
#include "report/EstimatesJson.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json einsums_json(const EinsumGraph& graph, const Measures& measures) {
  Json all = Json::object();
  for (std::size_t i = 0; i < graph.einsums.size(); ++i) {
    const EinsumMeasures& e = measures.einsums[EinsumId(i)];
    all[graph.einsums[EinsumId(i)].name] = {
        {"ops", e.ops},
        {"space_ops", e.space_ops},
        {"distinct_ops", e.distinct_ops},
        {"recomputed_ops", e.ops - e.distinct_ops},
        {"steps", e.steps},
        {"ops_per_tile", e.ops_per_tile},
        {"steps_per_tile", e.steps_per_tile},
    };
  }
  return all;
}

/// `bits` is the width of one word as the outermost memory holds it, unless the tensor has a width of its own.
Json tensors_json(const BoundTree& tree) {
  Json all = Json::object();
  for (std::size_t i = 0; i < tree.tensors.size(); ++i) {
    const TensorId tensor(i);
    all[tree.graph.tensors[tensor].name] = {
        {"words", tree.tensors[tensor].words},
        {"bits", word_bits(tree, tensor, LevelId(0))},
    };
  }
  return all;
}

/// What both sides say about a memory; each adds its own.
Json level_json(const BoundTree& tree, const Measures& measures, LevelId level) {
  const MemoryLevel& memory = tree.architecture.memories[level.value];
  Json size_words = nullptr;
  if (memory.size_bits) size_words = *memory.size_bits / memory.datawidth_bits;
  return {
      {"index", level.value},
      {"size_words", size_words},
      {"reads", measures.levels[level].reads},
      {"writes", measures.levels[level].writes},
  };
}

Json accesses_json(const BoundTree& tree, const Measures& measures) {
  Json all = Json::array();
  for (const AccessMeasures& a : measures.accesses) {
    Json entry = {
        {"level", a.level.value},
        {"level_name", level_name(tree.architecture, a.level)},
        {"tensor", tree.graph.tensors[a.tensor].name},
        {"einsum", tree.graph.einsums[a.einsum].name},
    };
    if (a.level == tree.architecture.compute_level()) {
      entry["parent_reads"] = a.parent_reads;
      entry["peer"] = a.peer;
    } else {
      entry["node"] = a.node;
      entry["reads"] = a.reads;
      entry["writes"] = a.writes;
      entry["fills"] = a.fills;
      entry["parent_reads"] = a.parent_reads;
      entry["peer"] = a.peer;
      entry["max_occupancy"] = a.max_occupancy;
      entry["fill_series"] = or_null(a.fill_series);
      entry["occupancy_series"] = or_null(a.occupancy_series);
    }
    all.push_back(std::move(entry));
  }
  return all;
}

Json energy_json(const EinsumGraph& graph, const Measures& measures) {
  Json all = Json::array();
  for (const EnergyMeasure& e : measures.energy) {
    all.push_back({
        {"component", e.component},
        {"action", e.action},
        {"tensor", e.tensor ? Json(graph.tensors[*e.tensor].name) : Json(nullptr)},
        {"einsum", e.einsum ? Json(graph.einsums[*e.einsum].name) : Json(nullptr)},
        {"count", e.count},
        {"pj", e.pj},
    });
  }
  return all;
}

/// Appends what estimate and simulation both report.
void append_common(Json& side, const BoundTree& tree, const Measures& measures, Json levels) {
  side["einsums"] = einsums_json(tree.graph, measures);
  side["tensors"] = tensors_json(tree);
  side["levels"] = std::move(levels);
  side["accesses"] = accesses_json(tree, measures);
  side["energy"] = energy_json(tree.graph, measures);
}

Json estimate_json(const BoundTree& tree, const LoopTreeEstimate& estimate) {
  Json memory_cycles = Json::object();
  Json levels = Json::object();
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const std::string& name = tree.architecture.memories[i].name;
    memory_cycles[name] = estimate.memory_cycles[LevelId(i)];
    levels[name] = level_json(tree, estimate.measures, LevelId(i));
    levels[name]["required_words"] = estimate.required_words[LevelId(i)];
  }
  Json side = {
      {"cycles", estimate.cycles},
      {"compute_cycles", estimate.compute_cycles},
      {"sequential_steps", estimate.sequential_steps},
      {"hidden_steps", or_null(estimate.hidden_steps)},
      {"unlimited_steps", or_null(estimate.unlimited_steps)},
      {"memory_cycles", std::move(memory_cycles)},
      {"bound_by", estimate.bound_by},
      {"macs", estimate.macs},
      {"energy_pj", estimate.energy_pj},
  };
  side["layout"] = Json::array();
  for (const LayoutSlowdown& layout : estimate.layout) {
    side["layout"].push_back({
        {"einsum", tree.graph.einsums[layout.einsum].name},
        {"tensor", tree.graph.tensors[layout.tensor].name},
        {"lines_per_step", layout.lines_per_step},
        {"slowdown", layout.slowdown},
    });
  }
  append_common(side, tree, estimate.measures, std::move(levels));
  return side;
}

Json functional_json(const std::optional<FunctionalResult>& functional) {
  if (!functional) return nullptr;
  return {
      {"checked", functional->checked},
      {"mismatches", functional->mismatches},
      {"messages", functional->messages},
  };
}

/// Null on the rungs below `dram`.
Json jedec_count(const DramCounters& dram, std::int64_t JedecCounters::*count) {
  return dram.jedec ? Json(*dram.jedec.*count) : Json(nullptr);
}

void append_jedec(Json& dram, const JedecCounters& jedec) {
  dram["forwarded_reads"] = jedec.forwarded_reads;
  dram["refresh_blocked_cycles"] = jedec.refresh_blocked_cycles;
  dram["turnaround_cycles"] = jedec.turnaround_cycles;
  Json commands = Json::object();
  for (const auto& [name, count] : jedec.commands) commands[name] = count;
  dram["commands"] = std::move(commands);
}

Json series_json(const DramCounters& dram) {
  if (dram.series.intervals().empty()) return nullptr;
  const auto list = [&dram](std::int64_t DramActivity::*count) {
    Json values = Json::array();
    for (const DramActivity& activity : dram.series.intervals()) values.push_back(activity.*count);
    return values;
  };
  Json series = {
      {"interval_cycles", dram.series.interval().value},
      {"read_bytes", list(&DramActivity::read_bytes)},
      {"write_bytes", list(&DramActivity::write_bytes)},
      {"row_hits", nullptr},
      {"row_misses", nullptr},
      {"row_conflicts", nullptr},
  };
  if (!dram.jedec) return series;
  series["row_hits"] = list(&DramActivity::row_hits);
  series["row_misses"] = list(&DramActivity::row_misses);
  series["row_conflicts"] = list(&DramActivity::row_conflicts);
  return series;
}

Json ports_json(const std::vector<MeshLoad::Port>& ports, const char* place) {
  Json all = Json::array();
  for (const MeshLoad::Port& port : ports) all.push_back({{place, port.place}, {"in", port.in}, {"out", port.out}});
  return all;
}

Json meshes_json(const std::vector<MeshLoad>& meshes) {
  if (meshes.empty()) return nullptr;
  Json all = Json::array();
  for (const MeshLoad& mesh : meshes) {
    all.push_back({
        {"columns", mesh.columns},
        {"rows", mesh.rows},
        {"east", mesh.east},
        {"west", mesh.west},
        {"south", mesh.south},
        {"north", mesh.north},
        {"node_in", mesh.node_in},
        {"node_out", mesh.node_out},
        {"buffer_ports", ports_json(mesh.buffer_ports, "column")},
        {"side_ports", ports_json(mesh.side_ports, "row")},
        {"dram_ports", ports_json(mesh.dram_ports, "column")},
    });
  }
  return all;
}

Json noc_json(const NocCounters& noc) {
  Json json = {
      {"flits", nullptr},
      {"flit_hops", nullptr},
      {"deliveries", nullptr},
      {"avg_latency", nullptr},
      {"packets", noc.packets},
      {"bits", noc.bits},
      {"busy_cycles", noc.busy_cycles},
      {"busiest_links", Json::array()},
      {"networks", nullptr},
  };
  if (!noc.network) return json;
  const NocCounters::Network& network = *noc.network;
  json["flits"] = network.flits;
  json["flit_hops"] = network.flit_hops;
  json["deliveries"] = network.deliveries;
  if (network.deliveries > 0) {
    json["avg_latency"] = static_cast<double>(network.latency_cycles) / static_cast<double>(network.deliveries);
  }
  for (const NocCounters::Link& link : network.busiest) {
    json["busiest_links"].push_back({{"link", link.name}, {"flits", link.flits}});
  }
  json["networks"] = meshes_json(network.meshes);
  return json;
}

Json simulation_json(const BoundTree& tree, const Measurement& measurement) {
  Json levels = Json::object();
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    Json& level = levels[tree.architecture.memories[i].name];
    level = level_json(tree, measurement.measures, LevelId(i));
    level["peak_words"] = measurement.levels[LevelId(i)].peak_words;
    level["min_words"] = measurement.levels[LevelId(i)].min_words;
    level["peak_live_words"] = measurement.levels[LevelId(i)].peak_live_words;
    const std::optional<std::int64_t> carried = measurement.levels[LevelId(i)].boundary_live_words;
    level["boundary_live_words"] = carried ? Json(*carried) : Json();
  }
  Json side = {
      {"cycles", measurement.cycles},
      {"macs", measurement.macs},
      {"energy_pj", measurement.energy_pj},
  };
  append_common(side, tree, measurement.measures, std::move(levels));
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    side["einsums"][tree.graph.einsums[EinsumId(e)].name]["wrap_recomputed_ops"] =
        measurement.wrap_recomputed_ops[EinsumId(e)];
  }
  side["accounting"] = accounting_json(measurement.accounting);
  // Null is what this rung does not model.
  const DramCounters& dram = measurement.dram;
  side["dram"] = {
      {"row_hits", jedec_count(dram, &JedecCounters::row_hits)},
      {"row_misses", jedec_count(dram, &JedecCounters::row_misses)},
      {"row_conflicts", jedec_count(dram, &JedecCounters::row_conflicts)},
      {"refreshes", jedec_count(dram, &JedecCounters::refreshes)},
      {"bytes", dram.read_bytes + dram.write_bytes},
      {"read_bytes", dram.read_bytes},
      {"write_bytes", dram.write_bytes},
      {"read_bursts", dram.read_bursts},
      {"write_bursts", dram.write_bursts},
      {"busy_cycles", dram.busy_cycles},
  };
  if (dram.jedec) append_jedec(side["dram"], *dram.jedec);
  side["dram"]["over_time"] = series_json(dram);
  side["glb"] = {
      {"bank_conflict_cycles", nullptr},
      {"bank_arbitration_cycles", nullptr},
      {"line_accesses", nullptr},
      {"bank_busy_cycles", nullptr},
      {"read_busy_cycles", measurement.glb.read_busy_cycles},
      {"write_busy_cycles", measurement.glb.write_busy_cycles},
      {"port_wait_cycles", measurement.glb.port_wait_cycles},
  };
  if (const auto& banks = measurement.glb.banks) {
    side["glb"]["bank_conflict_cycles"] = banks->conflict_cycles;
    side["glb"]["bank_arbitration_cycles"] = banks->arbitration_cycles;
    side["glb"]["line_accesses"] = banks->line_accesses;
    side["glb"]["bank_busy_cycles"] = banks->busy_cycles;
    side["glb"]["layout"] = Json::array();
    for (const LayoutCounters& layout : banks->layout) {
      side["glb"]["layout"].push_back({
          {"einsum", tree.graph.einsums[layout.einsum].name},
          {"tensor", tree.graph.tensors[layout.tensor].name},
          {"steps", layout.steps},
          {"words", layout.words},
          {"lines", layout.lines},
          {"bank_cycles", layout.bank_cycles},
          {"slowdown", static_cast<double>(layout.steps) / static_cast<double>(layout.bank_cycles)},
      });
    }
  }
  side["noc"] = noc_json(measurement.noc);
  side["functional"] = functional_json(measurement.functional);
  return side;
}

}  // namespace

Json stats_document(const BoundTree& tree, const CaseResult& result, const Provenance& provenance) {
  Json document = Json::object();
  document["schema_version"] = stats_schema_version;
  document["tool"] = {
      {"version", provenance.tool.version},
      {"git", provenance.tool.git},
      {"systemc", provenance.tool.systemc},
  };
  document["inputs"] = Json::array();
  for (const InputFile& input : provenance.inputs) {
    document["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}});
  }
  document["fidelity"] = result.fidelity ? Json(fidelity_word(*result.fidelity)) : Json(nullptr);
  if (result.only) document["only"] = true;
  document["warnings"] = all_warnings(result, provenance);
  document["estimate"] = estimate_json(tree, result.estimate);
  if (!result.models.empty()) document["estimates"] = estimates_json(tree, result.models);
  if (result.measurement) document["simulation"] = simulation_json(tree, *result.measurement);
  if (result.comparison) {
    document["comparison"] = comparison_json(*result.comparison);
    document["bridge"] = bridge_json(*result.comparison);
  }
  if (Json advice = advice_json(tree, result); !advice.empty()) document["advice"] = std::move(advice);
  return document;
}

void add_ladder(Json& document, const Ladder& ladder) {
  Json all = Json::array();
  for (const LadderRung& rung : ladder.rungs) {
    Json causes = Json::object();
    for (const BridgeEntry& entry : rung.causes) causes[entry.cause] = entry.cycles;
    Json entry = {
        {"rung", fidelity_word(rung.rung)}, {"cycles", rung.cycles},        {"added", rung.added},
        {"causes", std::move(causes)},      {"alone", or_null(rung.alone)},
    };
    if (rung.only) entry["only"] = true;
    all.push_back(std::move(entry));
  }
  document["ladder"] = std::move(all);
}

}  // namespace loopsim
