#include "report/StatsCsv.hpp"

#include <fmt/format.h>
#include <set>
#include <string_view>

#include "arch/FidelityName.hpp"
#include "base/CsvField.hpp"
#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

/// Where a value belongs; fields that do not apply stay empty.
struct RowKey {
  std::string_view einsum;
  std::string_view component;
  std::string_view instance;
  std::string_view tensor;
  std::string_view action;
};

class Table {
 public:
  void header() { text_ += "run,einsum,component,instance,tensor,action,metric,value,unit\n"; }

  void start_run(std::string_view run) { run_ = run; }

  /// A row for each counter that has a number, those of one action together, by their first.
  template <class From>
  void rows(const RowKey& key, const CounterTable<From>& table, const From& from) {
    std::set<std::string_view> done;
    for (const Counter<From>& first : table.counters) {
      if (!first.csv.written || !done.insert(first.csv.action).second) continue;
      for (const Counter<From>& counter : table.counters) {
        if (counter.csv.written && counter.csv.action == first.csv.action) row(key, counter, from);
      }
    }
  }

  std::string take() { return std::move(text_); }

 private:
  template <class From>
  void row(RowKey key, const Counter<From>& counter, const From& from) {
    const std::string_view metric = counter.csv.metric.empty() ? counter.name : counter.csv.metric;
    if (!counter.csv.action.empty()) key.action = counter.csv.action;
    const CounterValue value = counter.value(from);
    if (!value.is_array()) {
      append(key, metric, value, counter.unit);
    } else if (!counter.csv.instances.empty()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string instance = fmt::format("{}{}", counter.csv.instances, i);
        key.instance = instance;
        append(key, metric, value[i], counter.unit);
      }
    }
  }

  /// Nothing for null.
  void append(const RowKey& key, std::string_view metric, const CounterValue& value, std::string_view unit) {
    if (!value.is_number()) return;
    const std::string number =
        value.is_number_float() ? fmt::format("{}", value.get<double>()) : fmt::format("{}", value.get<std::int64_t>());
    for (std::string_view field : {std::string_view(run_), key.einsum, key.component, key.instance, key.tensor,
                                   key.action, metric, std::string_view(number)}) {
      text_ += csv_field(field);
      text_ += ',';
    }
    text_ += csv_field(unit);
    text_ += '\n';
  }

  std::string text_;
  std::string run_;
};

RowKey component_key(std::string_view component) {
  RowKey key;
  key.component = component;
  return key;
}

RowKey action_key(std::string_view action) {
  RowKey key;
  key.action = action;
  return key;
}

RowKey einsum_key(const BoundTree& tree, EinsumId einsum) {
  RowKey key;
  key.einsum = tree.graph.einsums[einsum].name;
  return key;
}

void append_accesses(Table& table, const BoundTree& tree, const Measures& measures) {
  for (const AccessMeasures& a : measures.accesses) {
    const bool in_memory = a.level != tree.architecture.compute_level();
    const std::string node = in_memory ? fmt::format("node{}", a.node) : "";
    RowKey key = einsum_key(tree, a.einsum);
    key.component = level_name(tree.architecture, a.level);
    key.instance = node;
    key.tensor = tree.graph.tensors[a.tensor].name;
    if (in_memory) table.rows(key, node_counters(), a);
    table.rows(key, supply_counters(), a);
    if (in_memory) table.rows(key, tile_counters(), a);
  }
}

void append_common(Table& table, const BoundTree& tree, const Measures& measures) {
  for (std::size_t i = 0; i < tree.graph.einsums.size(); ++i) {
    table.rows(einsum_key(tree, EinsumId(i)), einsum_counters(), measures.einsums[EinsumId(i)]);
  }
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const LevelEstimate traffic = level_traffic(measures.levels[LevelId(i)]);
    table.rows(component_key(tree.architecture.memories[i].name), level_traffic_counters(), traffic);
  }
  append_accesses(table, tree, measures);
  for (const EnergyMeasure& e : measures.energy) {
    RowKey key = component_key(e.component);
    if (e.einsum) key.einsum = tree.graph.einsums[*e.einsum].name;
    if (e.tensor) key.tensor = tree.graph.tensors[*e.tensor].name;
    key.action = e.action;
    table.rows(key, energy_counters(), e);
  }
}

template <class Layout>
void append_layouts(Table& table, const BoundTree& tree, const CounterTable<Layout>& counters,
                    const std::vector<Layout>& layouts) {
  for (const Layout& layout : layouts) {
    RowKey key = einsum_key(tree, layout.einsum);
    key.component = tree.architecture.memories[banked_level.value].name;
    key.tensor = tree.graph.tensors[layout.tensor].name;
    table.rows(key, counters, layout);
  }
}

void append_estimate(Table& table, const BoundTree& tree, const LoopTreeEstimate& estimate) {
  table.start_run("estimate");
  const RunTotals totals = totals_of(estimate);
  table.rows({}, cycle_counters(), totals);
  table.rows({}, compute_counters(), totals);
  table.rows({}, pipeline_counters(), estimate);
  table.rows({}, work_counters(), totals);
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const RowKey key = component_key(tree.architecture.memories[i].name);
    const LevelEstimate needs = level_needs(estimate, LevelId(i));
    table.rows(key, level_time_counters(), needs);
    table.rows(key, level_space_counters(), needs);
  }
  append_layouts(table, tree, layout_estimate_counters(), estimate.layout);
  append_common(table, tree, estimate.measures);
}

/// What a model does not know has no row.
void append_model(Table& table, const BoundTree& tree, const Estimate& estimate) {
  table.start_run("estimate " + estimate.model);
  const RunTotals totals = totals_of(estimate);
  table.rows({}, cycle_counters(), totals);
  table.rows({}, compute_counters(), totals);
  table.rows({}, work_counters(), totals);
  for (std::size_t i = 0; i < estimate.levels.size(); ++i) {
    const LevelEstimate& level = estimate.levels[LevelId(i)];
    const RowKey key = component_key(level_name(tree.architecture, LevelId(i)));
    table.rows(key, level_time_counters(), level);
    table.rows(key, level_space_counters(), level);
    table.rows(key, level_traffic_counters(), level);
    table.rows(key, level_fill_counters(), level);
  }
}

void append_dram(Table& table, const RowKey& key, const DramCounters& dram) {
  table.rows(key, dram_counters(), dram);
  table.rows(key, dram_row_counters(), dram);
  if (!dram.jedec) return;
  table.rows(key, jedec_counters(), *dram.jedec);
  for (const CommandCount& command : dram.jedec->commands) {
    RowKey of_command = key;
    of_command.action = command.first;
    table.rows(of_command, command_counters(), command);
  }
}

void append_modules(Table& table, const BoundTree& tree, const Measurement& measurement) {
  const auto& memories = tree.architecture.memories;
  if (!memories.empty()) append_dram(table, component_key(memories[0].name), measurement.dram);
  if (memories.size() > 1) {
    const RowKey key = component_key(memories[1].name);
    table.rows(key, glb_counters(), measurement.glb);
    table.rows(key, bank_counters(), measurement.glb);
    if (measurement.glb.banks) append_layouts(table, tree, layout_counters(), measurement.glb.banks->layout);
  }
  table.rows(component_key("noc"), noc_counters(), measurement.noc);
}

void append_accounting(Table& table, const BoundTree& tree, const Measurement& measurement) {
  for (const StageAccount& stage : measurement.accounting) {
    RowKey key = component_key(tree.architecture.compute.name);
    key.instance = stage.stage;
    table.rows(key, stage_counters(), stage);
    table.rows(key, stall_counters(), stage);
    for (const CauseCycles& cause : stage.detail) {
      key.action = cause.first;
      table.rows(key, stage_detail_counters(), cause);
    }
  }
}

void append_measurement(Table& table, const BoundTree& tree, const Measurement& measurement) {
  const RunTotals totals = totals_of(measurement);
  table.rows({}, cycle_counters(), totals);
  table.rows({}, work_counters(), totals);
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const RowKey key = component_key(tree.architecture.memories[i].name);
    table.rows(key, occupancy_counters(), measurement.levels[LevelId(i)]);
  }
  append_common(table, tree, measurement.measures);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    table.rows(einsum_key(tree, EinsumId(e)), wrap_counters(), measurement.wrap_recomputed_ops[EinsumId(e)]);
  }
  append_accounting(table, tree, measurement);
  append_modules(table, tree, measurement);
  if (measurement.functional) table.rows({}, functional_counters(), *measurement.functional);
}

}  // namespace

std::string stats_csv(const BoundTree& tree, const CaseResult& result) {
  Table table;
  table.header();
  append_estimate(table, tree, result.estimate);
  for (const ModelResult& model : result.models) append_model(table, tree, model.estimate);
  if (result.measurement) {
    table.start_run(result.fidelity ? rung_name(*result.fidelity, result.only) : "simulation");
    append_measurement(table, tree, *result.measurement);
  }
  if (result.comparison) {
    for (const BridgeEntry& entry : result.comparison->bridge) {
      table.rows(action_key(entry.cause), bridge_counters(), entry);
    }
  }
  return table.take();
}

std::string ladder_rows(const Ladder& ladder) {
  Table table;
  for (const LadderRung& rung : ladder.rungs) {
    const std::string run = rung_name(rung.rung, rung.only);
    table.start_run(run);
    table.rows({}, rung_counters(), rung);
    table.rows({}, alone_counters(), rung);
    for (const BridgeEntry& entry : rung.causes) {
      table.rows(action_key(entry.cause), rung_cause_counters(), entry);
    }
  }
  return table.take();
}

}  // namespace loopsim
