#include "report/StatsCsv.hpp"

#include <fmt/format.h>
#include <string_view>

#include "arch/FidelityName.hpp"
#include "base/CsvField.hpp"

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

  void row(const RowKey& key, std::string_view metric, std::int64_t value, std::string_view unit) {
    append(key, metric, fmt::format("{}", value), unit);
  }
  void row(const RowKey& key, std::string_view metric, double value, std::string_view unit) {
    append(key, metric, fmt::format("{}", value), unit);
  }

  std::string take() { return std::move(text_); }

 private:
  void append(const RowKey& key, std::string_view metric, std::string_view value, std::string_view unit) {
    for (std::string_view field :
         {std::string_view(run_), key.einsum, key.component, key.instance, key.tensor, key.action, metric, value}) {
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

void append_accesses(Table& table, const BoundTree& tree, const Measures& measures) {
  for (const AccessMeasures& a : measures.accesses) {
    const bool at_compute = a.level == tree.architecture.compute_level();
    const std::string node = at_compute ? "" : fmt::format("node{}", a.node);
    RowKey key;
    key.einsum = tree.graph.einsums[a.einsum].name;
    key.component = level_name(tree.architecture, a.level);
    key.instance = node;
    key.tensor = tree.graph.tensors[a.tensor].name;
    if (!at_compute) {
      key.action = "read";
      table.row(key, "reads", a.reads, "word");
      key.action = "write";
      table.row(key, "writes", a.writes, "word");
      key.action = "fill";
      table.row(key, "fills", a.fills, "word");
    }
    key.action = "parent_read";
    table.row(key, "parent_reads", a.parent_reads, "word");
    key.action = "peer";
    table.row(key, "peer", a.peer, "word");
    if (!at_compute) {
      key.action = "";
      table.row(key, "max_occupancy", a.max_occupancy, "word");
    }
  }
}

void append_common(Table& table, const BoundTree& tree, const Measures& measures) {
  for (std::size_t i = 0; i < tree.graph.einsums.size(); ++i) {
    const EinsumMeasures& e = measures.einsums[EinsumId(i)];
    RowKey key;
    key.einsum = tree.graph.einsums[EinsumId(i)].name;
    table.row(key, "ops", e.ops, "op");
    table.row(key, "space_ops", e.space_ops, "op");
    table.row(key, "distinct_ops", e.distinct_ops, "op");
    table.row(key, "recomputed_ops", e.ops - e.distinct_ops, "op");
    table.row(key, "steps", e.steps, "step");
  }
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    RowKey key = component_key(tree.architecture.memories[i].name);
    key.action = "read";
    table.row(key, "level_reads", measures.levels[LevelId(i)].reads, "word");
    key.action = "write";
    table.row(key, "level_writes", measures.levels[LevelId(i)].writes, "word");
  }
  append_accesses(table, tree, measures);
  for (const EnergyMeasure& e : measures.energy) {
    RowKey key;
    if (e.einsum) key.einsum = tree.graph.einsums[*e.einsum].name;
    key.component = e.component;
    if (e.tensor) key.tensor = tree.graph.tensors[*e.tensor].name;
    key.action = e.action;
    table.row(key, "actions", e.count, "action");
    table.row(key, "energy", e.pj, "pJ");
  }
}

void append_estimate(Table& table, const BoundTree& tree, const LoopTreeEstimate& estimate) {
  table.start_run("estimate");
  table.row({}, "cycles", estimate.cycles, "cycle");
  table.row({}, "compute_cycles", estimate.compute_cycles, "cycle");
  table.row({}, "sequential_steps", estimate.sequential_steps, "step");
  if (estimate.hidden_steps) table.row({}, "hidden_steps", *estimate.hidden_steps, "step");
  if (estimate.unlimited_steps) table.row({}, "unlimited_steps", *estimate.unlimited_steps, "step");
  table.row({}, "macs", estimate.macs, "op");
  table.row({}, "total_energy", estimate.energy_pj, "pJ");
  const auto& memories = tree.architecture.memories;
  for (std::size_t i = 0; i < memories.size(); ++i) {
    const RowKey key = component_key(memories[i].name);
    table.row(key, "memory_cycles", estimate.memory_cycles[LevelId(i)], "cycle");
    table.row(key, "required_words", estimate.required_words[LevelId(i)], "word");
  }
  for (const LayoutSlowdown& layout : estimate.layout) {
    RowKey key = component_key(memories[banked_level.value].name);
    key.einsum = tree.graph.einsums[layout.einsum].name;
    key.tensor = tree.graph.tensors[layout.tensor].name;
    table.row(key, "layout_lines_per_step", layout.lines_per_step, "access");
    table.row(key, "layout_slowdown", layout.slowdown, "");
  }
  append_common(table, tree, estimate.measures);
}

/// What a model does not know has no row.
void append_model(Table& table, const BoundTree& tree, const Estimate& estimate) {
  const std::string run = "estimate " + estimate.model;
  table.start_run(run);
  const auto row = [&table](const RowKey& key, std::string_view metric, const auto& value, std::string_view unit) {
    if (value) table.row(key, metric, *value, unit);
  };
  row({}, "cycles", estimate.cycles, "cycle");
  row({}, "compute_cycles", estimate.compute_cycles, "cycle");
  row({}, "macs", estimate.macs, "op");
  row({}, "total_energy", estimate.energy_pj, "pJ");
  for (std::size_t i = 0; i < estimate.levels.size(); ++i) {
    const LevelEstimate& level = estimate.levels[LevelId(i)];
    RowKey key = component_key(level_name(tree.architecture, LevelId(i)));
    row(key, "memory_cycles", level.cycles, "cycle");
    row(key, "required_words", level.required_words, "word");
    key.action = "read";
    row(key, "level_reads", level.reads, "word");
    key.action = "write";
    row(key, "level_writes", level.writes, "word");
    key.action = "fill";
    row(key, "level_fills", level.fills, "word");
  }
}

void append_jedec(Table& table, RowKey key, const JedecCounters& jedec) {
  table.row(key, "row_hits", jedec.row_hits, "burst");
  table.row(key, "row_misses", jedec.row_misses, "burst");
  table.row(key, "row_conflicts", jedec.row_conflicts, "burst");
  table.row(key, "refreshes", jedec.refreshes, "command");
  table.row(key, "forwarded_reads", jedec.forwarded_reads, "burst");
  table.row(key, "refresh_blocked_cycles", jedec.refresh_blocked_cycles, "cycle");
  table.row(key, "turnaround_cycles", jedec.turnaround_cycles, "cycle");
  for (const auto& [command, count] : jedec.commands) {
    key.action = command;
    table.row(key, "commands", count, "command");
  }
}

void append_banks(Table& table, const BoundTree& tree, RowKey key, const BankCounters& banks) {
  table.row(key, "bank_conflict_cycles", banks.conflict_cycles, "cycle");
  table.row(key, "bank_arbitration_cycles", banks.arbitration_cycles, "cycle");
  table.row(key, "line_accesses", banks.line_accesses, "access");
  for (std::size_t bank = 0; bank < banks.busy_cycles.size(); ++bank) {
    const std::string instance = fmt::format("bank{}", bank);
    key.instance = instance;
    table.row(key, "bank_busy_cycles", banks.busy_cycles[bank], "cycle");
  }
  key.instance = "";
  for (const LayoutCounters& layout : banks.layout) {
    key.einsum = tree.graph.einsums[layout.einsum].name;
    key.tensor = tree.graph.tensors[layout.tensor].name;
    table.row(key, "layout_steps", layout.steps, "step");
    table.row(key, "layout_words", layout.words, "word");
    table.row(key, "layout_lines", layout.lines, "access");
    table.row(key, "layout_bank_cycles", layout.bank_cycles, "cycle");
    table.row(key, "layout_slowdown", static_cast<double>(layout.steps) / static_cast<double>(layout.bank_cycles), "");
  }
}

void append_counters(Table& table, const BoundTree& tree, const Measurement& measurement) {
  const auto& memories = tree.architecture.memories;
  if (!memories.empty()) {
    RowKey key = component_key(memories[0].name);
    key.action = "read";
    table.row(key, "bytes", measurement.dram.read_bytes, "byte");
    table.row(key, "bursts", measurement.dram.read_bursts, "burst");
    key.action = "write";
    table.row(key, "bytes", measurement.dram.write_bytes, "byte");
    table.row(key, "bursts", measurement.dram.write_bursts, "burst");
    key.action = "";
    table.row(key, "busy_cycles", measurement.dram.busy_cycles, "cycle");
    if (measurement.dram.jedec) append_jedec(table, key, *measurement.dram.jedec);
  }
  if (memories.size() > 1) {
    RowKey key = component_key(memories[1].name);
    key.action = "read";
    table.row(key, "busy_cycles", measurement.glb.read_busy_cycles, "cycle");
    key.action = "write";
    table.row(key, "busy_cycles", measurement.glb.write_busy_cycles, "cycle");
    key.action = "";
    table.row(key, "port_wait_cycles", measurement.glb.port_wait_cycles, "cycle");
    if (measurement.glb.banks) append_banks(table, tree, key, *measurement.glb.banks);
  }
  const RowKey noc = component_key("noc");
  table.row(noc, "packets", measurement.noc.packets, "packet");
  table.row(noc, "bits", measurement.noc.bits, "bit");
  table.row(noc, "busy_cycles", measurement.noc.busy_cycles, "cycle");
}

void append_accounting(Table& table, const BoundTree& tree, const Measurement& measurement) {
  for (const StageAccount& stage : measurement.accounting) {
    RowKey key = component_key(tree.architecture.compute.name);
    key.instance = stage.stage;
    auto row = [&](std::string_view cause, std::int64_t cycles) {
      key.action = cause;
      table.row(key, "stage_cycles", cycles, "cycle");
    };
    row("compute", stage.compute);
    row("ramp", stage.ramp);
    row("drain", stage.drain);
    row("idle", stage.idle);
    for (std::size_t i = 0; i < stall_causes; ++i) {
      row(fmt::format("stall.{}", to_string(static_cast<StallCause>(i))), stage.stall[i]);
    }
    for (const auto& [cause, cycles] : stage.detail) {
      key.action = cause;
      table.row(key, "stage_detail_cycles", cycles, "cycle");
    }
  }
}

void append_measurement(Table& table, const BoundTree& tree, const Measurement& measurement) {
  table.row({}, "cycles", measurement.cycles, "cycle");
  table.row({}, "macs", measurement.macs, "op");
  table.row({}, "total_energy", measurement.energy_pj, "pJ");
  for (std::size_t i = 0; i < tree.architecture.memories.size(); ++i) {
    const RowKey key = component_key(tree.architecture.memories[i].name);
    const LevelOccupancy& level = measurement.levels[LevelId(i)];
    table.row(key, "peak_words", level.peak_words, "word");
    table.row(key, "min_words", level.min_words, "word");
    table.row(key, "peak_live_words", level.peak_live_words, "word");
    if (level.boundary_live_words) table.row(key, "boundary_live_words", *level.boundary_live_words, "word");
  }
  append_common(table, tree, measurement.measures);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    RowKey key;
    key.einsum = tree.graph.einsums[EinsumId(e)].name;
    table.row(key, "wrap_recomputed_ops", measurement.wrap_recomputed_ops[EinsumId(e)], "op");
  }
  append_accounting(table, tree, measurement);
  append_counters(table, tree, measurement);
  if (measurement.functional) {
    table.row({}, "functional_checked", measurement.functional->checked, "word");
    table.row({}, "functional_mismatches", measurement.functional->mismatches, "word");
  }
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
      RowKey key;
      key.action = entry.cause;
      table.row(key, "bridge_cycles", entry.cycles, "cycle");
    }
  }
  return table.take();
}

std::string ladder_rows(const Ladder& ladder) {
  Table table;
  for (const LadderRung& rung : ladder.rungs) {
    const std::string run = rung_name(rung.rung, rung.only);
    table.start_run(run);
    table.row({}, "ladder_cycles", rung.cycles, "cycle");
    table.row({}, "ladder_added", rung.added, "cycle");
    if (rung.alone) table.row({}, "ladder_alone", *rung.alone, "cycle");
    for (const BridgeEntry& entry : rung.causes) {
      RowKey key;
      key.action = entry.cause;
      table.row(key, "ladder_cause", entry.cycles, "cycle");
    }
  }
  return table.take();
}

}  // namespace loopsim
