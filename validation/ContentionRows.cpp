#include "validation/ContentionRows.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <numeric>

#include "arch/FidelityName.hpp"
#include "validation/RunFigures.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {

namespace {

struct Workload {
  std::string preset;                   ///< without /fused or /layers
  std::vector<std::string> machines;    ///< presets; those that it fits
  std::vector<std::string> bad_layout;  ///< overrides
};

struct ContentionStudy {
  std::optional<Fidelity> fidelity;
  std::vector<std::string> machines;  ///< presets
  std::vector<Workload> workloads;
};

/// A run and what its rows are called. Forms of one subject differ in nothing but fusion.
struct StudyPoint {
  std::string subject;
  bool fused = false;
  FigureRun run;
};

std::shared_ptr<const SourceText> preset_source(const std::string& name) {
  const auto text = preset_text(name);
  return text ? std::make_shared<SourceText>(SourceText{"preset:" + name, std::string(*text)}) : nullptr;
}

std::vector<std::string> read_machines(const DocumentNode& list, Diagnostics& diagnostics) {
  std::vector<std::string> machines;
  if (const auto* items = read_list(list, "machines", diagnostics)) {
    for (const DocumentNodePtr& machine : *items) {
      machines.push_back(machine->text);
      if (!preset_text(machine->text)) {
        diagnostics.error(machine->where, fmt::format("there is no machine '{}'", machine->text));
      }
    }
  }
  return machines;
}

Workload read_workload(const DocumentEntry& entry, const std::vector<std::string>& machines, Diagnostics& diagnostics) {
  Workload workload{entry.key, machines, {}};
  for (const char* form : {"/fused", "/layers"}) {
    if (!preset_text(entry.key + form)) {
      diagnostics.error(entry.value->where, fmt::format("there is no preset '{}{}'", entry.key, form));
    }
  }
  MapReader reader(*entry.value, "a workload", diagnostics);
  if (const auto own = reader.optional("machines")) workload.machines = read_machines(*own, diagnostics);
  if (const auto layouts = reader.required("bad_layout")) {
    if (!layouts->is_map()) diagnostics.error(layouts->where, "expected tensors and their bad layouts");
    for (const DocumentEntry& tensor : layouts->entries) {
      workload.bad_layout.push_back(fmt::format("simulation.tensors.{}.layout={}", tensor.key, tensor.value->text));
    }
  }
  reader.finish();
  return workload;
}

ContentionStudy read_study(const ValidationCase& c) {
  Diagnostics diagnostics;
  ContentionStudy study;
  MapReader reader(*c.document, "a case of kind 'contention'", diagnostics);
  accept_common_keys(reader);
  if (const auto word = reader.required("fidelity")) {
    study.fidelity = find_fidelity(word->text);
    if (!study.fidelity) diagnostics.error(word->where, fmt::format("there is no rung '{}'", word->text));
  }
  if (const auto machines = reader.required("machines")) study.machines = read_machines(*machines, diagnostics);
  if (const auto workloads = reader.required("workloads")) {
    for (const DocumentEntry& entry : workloads->entries) {
      study.workloads.push_back(read_workload(entry, study.machines, diagnostics));
    }
  }
  reader.finish();
  throw_errors(diagnostics);
  return study;
}

std::vector<StudyPoint> points_of(const ContentionStudy& study) {
  std::vector<StudyPoint> points;
  for (const std::string& machine : study.machines) {
    for (const Workload& workload : study.workloads) {
      if (std::find(workload.machines.begin(), workload.machines.end(), machine) == workload.machines.end()) continue;
      for (const bool bad : {false, true}) {
        for (const bool fused : {true, false}) {
          StudyPoint point;
          point.subject = fmt::format("{}, {}{}", machine, workload.preset, bad ? ", bad layout" : "");
          point.fused = fused;
          point.run.inputs = {preset_source(workload.preset + (fused ? "/fused" : "/layers")), preset_source(machine)};
          if (bad) point.run.overrides = workload.bad_layout;
          point.run.fidelity = study.fidelity;
          points.push_back(std::move(point));
        }
      }
    }
  }
  return points;
}

/// Cycles of these causes of the bridge; one that it does not have adds nothing.
double cycles_of(const Figures& figures, const std::vector<std::string>& causes) {
  return std::accumulate(causes.begin(), causes.end(), 0.0, [&](double sum, const std::string& cause) {
    const auto found = figures.find("bridge." + cause);
    return found == figures.end() ? sum : sum + found->second;
  });
}

ValidationRow row_of(const std::string& case_name, const std::string& name, const char* metric, double simulation) {
  ValidationRow row;
  row.case_name = case_name;
  row.row = name;
  row.metric = metric;
  row.simulation = simulation;
  return row;
}

void append_rows(const std::string& case_name, const std::string& name, const Figures& figures,
                 std::vector<ValidationRow>& rows) {
  const double estimate = figures.at("estimate.cycles");
  const double simulation = figures.at("simulation.cycles");
  const auto add = [&](const char* metric, double value) { rows.push_back(row_of(case_name, name, metric, value)); };
  const auto share = [&](double cycles) { return 100 * cycles / estimate; };
  const double dram = cycles_of(figures, {"stall.dram"});
  const double buffer = cycles_of(figures, {"stall.glb"});
  const double network = cycles_of(figures, {"stall.noc"});
  add("cycles", simulation);
  rows.back().estimate = estimate;
  add("more than estimated, %", share(simulation - estimate));
  add("DRAM, %", share(dram));
  add("buffer, %", share(buffer));
  add("network, %", share(network));
  add("order and rest, %", share(simulation - estimate - dram - buffer - network));
}

/// What fusion gains in cycles.
ValidationRow gain_row(const std::string& case_name, const std::string& name, const Figures& fused,
                       const Figures& layers) {
  ValidationRow row =
      row_of(case_name, name, "layers / fused", layers.at("simulation.cycles") / fused.at("simulation.cycles"));
  row.estimate = layers.at("estimate.cycles") / fused.at("estimate.cycles");
  return row;
}

}  // namespace

ValidationPlan plan_contention_rows(const ValidationCase& c) {
  const auto points = std::make_shared<const std::vector<StudyPoint>>(points_of(read_study(c)));
  ValidationPlan plan;
  for (const StudyPoint& point : *points) plan.tasks.push_back(figures_task(point.run));
  plan.rows = [points, name = c.name](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    Figures fused;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const StudyPoint& point = (*points)[i];
      const std::string row = point.subject + (point.fused ? ", fused" : ", layers");
      const Figures figures = figures_from(outcomes[i], fmt::format("case {}, {}", name, row));
      append_rows(name, row, figures, rows);
      if (point.fused) {
        fused = figures;
      } else {
        rows.push_back(gain_row(name, row, fused, figures));
      }
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
