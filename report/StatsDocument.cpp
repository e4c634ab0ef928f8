#include "report/StatsDocument.hpp"

#include "arch/FidelityName.hpp"
#include "report/AccountingJson.hpp"
#include "report/AdviceJson.hpp"
#include "report/ComparisonJson.hpp"
#include "report/EstimatesJson.hpp"
#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// The object that one table fills.
template <class From>
Json counters_json(const CounterTable<From>& table, const From& from) {
  Json object = Json::object();
  add_counters(object, table, from);
  return object;
}

Json einsums_json(const EinsumGraph& graph, const Measures& measures) {
  Json all = Json::object();
  for (std::size_t i = 0; i < graph.einsums.size(); ++i) {
    all[graph.einsums[EinsumId(i)].name] = counters_json(einsum_counters(), measures.einsums[EinsumId(i)]);
  }
  return all;
}

/// `bits` is the width of one word as the outermost memory holds it, unless the tensor has a width of its own.
Json tensors_json(const BoundTree& tree) {
  Json all = Json::object();
  for (std::size_t i = 0; i < tree.tensors.size(); ++i) {
    const TensorId tensor(i);
    const TensorSize size{tree.tensors[tensor].words, word_bits(tree, tensor, LevelId(0))};
    all[tree.graph.tensors[tensor].name] = counters_json(tensor_counters(), size);
  }
  return all;
}

/// What both sides say about a memory; each adds its own.
Json level_json(const BoundTree& tree, const Measures& measures, LevelId level) {
  Json json = {{"index", level.value}};
  add_counters(json, level_size_counters(), tree.architecture.memories[level.value]);
  add_counters(json, level_traffic_counters(), level_traffic(measures.levels[level]));
  return json;
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
    const bool in_memory = a.level != tree.architecture.compute_level();
    if (in_memory) {
      entry["node"] = a.node;
      add_counters(entry, node_counters(), a);
    }
    add_counters(entry, supply_counters(), a);
    if (in_memory) add_counters(entry, tile_counters(), a);
    all.push_back(std::move(entry));
  }
  return all;
}

Json energy_json(const EinsumGraph& graph, const Measures& measures) {
  Json all = Json::array();
  for (const EnergyMeasure& e : measures.energy) {
    Json entry = {
        {"component", e.component},
        {"action", e.action},
        {"tensor", e.tensor ? Json(graph.tensors[*e.tensor].name) : Json(nullptr)},
        {"einsum", e.einsum ? Json(graph.einsums[*e.einsum].name) : Json(nullptr)},
    };
    add_counters(entry, energy_counters(), e);
    all.push_back(std::move(entry));
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

/// An entry for each of these layouts of a tensor in banks.
template <class Layout>
Json layouts_json(const BoundTree& tree, const CounterTable<Layout>& table, const std::vector<Layout>& layouts) {
  Json all = Json::array();
  for (const Layout& layout : layouts) {
    Json entry = {
        {"einsum", tree.graph.einsums[layout.einsum].name},
        {"tensor", tree.graph.tensors[layout.tensor].name},
    };
    add_counters(entry, table, layout);
    all.push_back(std::move(entry));
  }
  return all;
}

Json estimate_json(const BoundTree& tree, const LoopTreeEstimate& estimate) {
  Json memory_cycles = Json::object();
  Json levels = Json::object();
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const std::string& name = tree.architecture.memories[i].name;
    const LevelEstimate needs = level_needs(estimate, LevelId(i));
    memory_cycles[name] = value_of(level_time_counters(), needs);
    levels[name] = level_json(tree, estimate.measures, LevelId(i));
    add_counters(levels[name], level_space_counters(), needs);
  }
  const RunTotals totals = totals_of(estimate);
  Json side = counters_json(cycle_counters(), totals);
  add_counters(side, compute_counters(), totals);
  add_counters(side, pipeline_counters(), estimate);
  side["memory_cycles"] = std::move(memory_cycles);
  side["bound_by"] = estimate.bound_by;
  add_counters(side, work_counters(), totals);
  side["layout"] = layouts_json(tree, layout_estimate_counters(), estimate.layout);
  append_common(side, tree, estimate.measures, std::move(levels));
  return side;
}

Json functional_json(const std::optional<FunctionalResult>& functional) {
  if (!functional) return nullptr;
  Json json = counters_json(functional_counters(), *functional);
  json["messages"] = functional->messages;
  return json;
}

/// Null is what this rung does not model.
Json dram_json(const DramCounters& dram) {
  Json json = counters_json(dram_row_counters(), dram);
  add_counters(json, dram_counters(), dram);
  if (dram.jedec) {
    add_counters(json, jedec_counters(), *dram.jedec);
    Json& commands = json["commands"] = Json::object();
    for (const CommandCount& command : dram.jedec->commands) {
      commands[command.first] = value_of(command_counters(), command);
    }
  }
  const bool has_series = !dram.series.intervals().empty();
  json["over_time"] = has_series ? counters_json(dram_series_counters(), dram) : Json(nullptr);
  return json;
}

Json glb_json(const BoundTree& tree, const GlbCounters& glb) {
  Json json = counters_json(bank_counters(), glb);
  add_counters(json, glb_counters(), glb);
  if (glb.banks) json["layout"] = layouts_json(tree, layout_counters(), glb.banks->layout);
  return json;
}

Json ports_json(const std::vector<MeshLoad::Port>& ports, const char* place) {
  Json all = Json::array();
  for (const MeshLoad::Port& port : ports) {
    Json entry = {{place, port.place}};
    add_counters(entry, mesh_port_counters(), port);
    all.push_back(std::move(entry));
  }
  return all;
}

Json meshes_json(const std::vector<MeshLoad>& meshes) {
  if (meshes.empty()) return nullptr;
  Json all = Json::array();
  for (const MeshLoad& mesh : meshes) {
    Json entry = counters_json(mesh_counters(), mesh);
    entry["buffer_ports"] = ports_json(mesh.buffer_ports, "column");
    entry["side_ports"] = ports_json(mesh.side_ports, "row");
    entry["dram_ports"] = ports_json(mesh.dram_ports, "column");
    all.push_back(std::move(entry));
  }
  return all;
}

Json noc_json(const NocCounters& noc) {
  Json json = counters_json(noc_counters(), noc);
  json["busiest_links"] = Json::array();
  json["networks"] = nullptr;
  if (!noc.network) return json;
  for (const NocCounters::Link& link : noc.network->busiest) {
    Json entry = {{"link", link.name}};
    add_counters(entry, link_counters(), link);
    json["busiest_links"].push_back(std::move(entry));
  }
  json["networks"] = meshes_json(noc.network->meshes);
  return json;
}

Json simulation_json(const BoundTree& tree, const Measurement& measurement) {
  Json levels = Json::object();
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    Json& level = levels[tree.architecture.memories[i].name];
    level = level_json(tree, measurement.measures, LevelId(i));
    add_counters(level, occupancy_counters(), measurement.levels[LevelId(i)]);
  }
  const RunTotals totals = totals_of(measurement);
  Json side = counters_json(cycle_counters(), totals);
  add_counters(side, work_counters(), totals);
  append_common(side, tree, measurement.measures, std::move(levels));
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    add_counters(side["einsums"][tree.graph.einsums[EinsumId(e)].name], wrap_counters(),
                 measurement.wrap_recomputed_ops[EinsumId(e)]);
  }
  side["accounting"] = accounting_json(measurement.accounting);
  side["dram"] = dram_json(measurement.dram);
  side["glb"] = glb_json(tree, measurement.glb);
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
    Json entry = {{"rung", fidelity_word(rung.rung)}};
    add_counters(entry, rung_counters(), rung);
    Json& causes = entry["causes"] = Json::object();
    for (const BridgeEntry& cause : rung.causes) {
      causes[cause.cause] = value_of(rung_cause_counters(), cause);
    }
    add_counters(entry, alone_counters(), rung);
    if (rung.only) entry["only"] = true;
    all.push_back(std::move(entry));
  }
  document["ladder"] = std::move(all);
}

}  // namespace loopsim
