#include "report/page/CycleFigures.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <utility>

#include "base/NumberText.hpp"
#include "report/CauseText.hpp"
#include "report/page/CauseStyle.hpp"
#include "report/page/StackedBars.hpp"
#include "report/page/Waterfall.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

BarSegment cycles_segment(const std::string& cause, std::int64_t cycles) {
  return {cause, cause_style(cause), static_cast<double>(cycles), counted(cycles, "cycle")};
}

/// What a stage did, in the order of the bars that `run` prints.
std::vector<std::pair<std::string, std::int64_t>> rows_of(const Json& stage) {
  std::vector<std::pair<std::string, std::int64_t>> rows = {{"compute", stage.at("compute").get<std::int64_t>()}};
  for (const auto& [cause, cycles] : stage.at("stall").items()) {
    rows.emplace_back("stall." + cause, cycles.get<std::int64_t>());
  }
  for (const char* row : {"ramp", "drain", "idle"}) rows.emplace_back(row, stage.at(row).get<std::int64_t>());
  return rows;
}

/// "compute, and `memory` what its memories take beyond it".
std::vector<std::pair<std::string, std::int64_t>> rows_of_estimate(const Json& estimate) {
  const std::int64_t compute = estimate.at("compute_cycles").get<std::int64_t>();
  return {{"compute", compute}, {"memory", estimate.at("cycles").get<std::int64_t>() - compute}};
}

/// Steps that the estimate has for a stage, which is named after its einsums; nothing if one is not known.
std::optional<std::int64_t> estimated_steps(const Json& estimate, const std::string& stage) {
  const Json& einsums = estimate.at("einsums");
  std::int64_t steps = 0;
  for (std::size_t begin = 0; begin <= stage.size();) {
    const std::size_t end = std::min(stage.find('+', begin), stage.size());
    const auto einsum = einsums.find(stage.substr(begin, end - begin));
    if (einsum == einsums.end()) return std::nullopt;
    steps += einsum->at("steps").get<std::int64_t>();
    begin = end + 1;
  }
  return steps;
}

void add_bar(StackedBars& chart, DataTable& data, const std::string& label,
             const std::vector<std::pair<std::string, std::int64_t>>& rows) {
  StackedBar bar{label, {}};
  for (const auto& [cause, cycles] : rows) {
    bar.segments.push_back(cycles_segment(cause, cycles));
    data.rows.push_back({label, cause, cycles});
  }
  chart.bars.push_back(std::move(bar));
}

std::string axis_note(const Waterfall& chart) {
  const double begin = axis_begin(chart);
  if (begin <= 0) return "";
  return fmt::format(" The axis begins at {}, not at 0.", grouped(static_cast<std::int64_t>(begin)));
}

std::string rung_of(const Json& entry) {
  const std::string rung = entry.at("rung");
  return entry.value("only", false) ? "only " + rung : rung;
}

std::string causes_text(const Json& causes) {
  std::string text;
  for (const auto& [cause, cycles] : causes.items()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", cause, grouped_signed(cycles.get<std::int64_t>()));
  }
  return text;
}

}  // namespace

std::optional<Figure> stage_figure(const RunFolder& run, const ReportScale& scale) {
  Figure figure;
  figure.title = "Cycles of each stage by cause";
  figure.data.columns = {"stage", "cause", "cycles"};
  StackedBars chart;
  chart.axis = "cycles";
  chart.most = static_cast<double>(scale.most_cycles);
  add_bar(chart, figure.data, "estimate", rows_of_estimate(run.stats.at("estimate")));
  if (run.stats.contains("simulation")) {
    const Json& stages = run.stats["simulation"].at("accounting");
    for (const Json& stage : stages) {
      const std::string name = stage.at("stage");
      // The estimate of a single stage is the bar above.
      const auto steps = stages.size() > 1 ? estimated_steps(run.stats["estimate"], name) : std::nullopt;
      if (steps) add_bar(chart, figure.data, name + ", estimated", {{"compute", *steps}});
      add_bar(chart, figure.data, name, rows_of(stage));
    }
    figure.description =
        "What each stage did in every cycle of the simulation, beside the estimate, whose memory time is what it is "
        "bound by beyond computing.";
  } else {
    figure.description = "The estimate alone; memory time is what it is bound by beyond computing.";
  }
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> detail_figure(const RunFolder& run, const ReportScale&) {
  if (!run.stats.contains("simulation")) return std::nullopt;
  Figure figure;
  figure.title = "Finer causes of the waits";
  figure.description = "Waits for main memory, for buffers and for the way to the array, split by what held them up.";
  figure.data.columns = {"stage", "cause", "cycles"};
  StackedBars chart;
  chart.axis = "cycles";
  for (const Json& stage : run.stats["simulation"].at("accounting")) {
    StackedBar bar{stage.at("stage"), {}};
    for (const auto& [cause, value] : stage.at("detail").items()) {
      const auto cycles = value.get<std::int64_t>();
      bar.segments.push_back({cause, finer_cause_style(cause), static_cast<double>(cycles), counted(cycles, "cycle")});
      figure.data.rows.push_back({bar.label, cause, cycles});
    }
    chart.bars.push_back(std::move(bar));
  }
  if (figure.data.rows.empty()) return std::nullopt;
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> bridge_figure(const RunFolder& run, const ReportScale&) {
  if (!run.stats.contains("bridge")) return std::nullopt;
  Figure figure;
  figure.title = "From the estimated to the simulated cycles";
  figure.data.columns = {"entry", "cycles", "sum"};
  Waterfall chart;
  chart.axis = "cycles";
  chart.begin_label = "estimate";
  chart.begin = run.stats.at("estimate").at("cycles");
  chart.end_label = "simulation";
  figure.data.rows.push_back({"estimate", chart.begin, chart.begin});
  std::int64_t sum = chart.begin;
  for (const Json& entry : run.stats["bridge"]) {
    const std::string cause = entry.at("cause");
    const auto cycles = entry.at("cycles").get<std::int64_t>();
    sum += cycles;
    figure.data.rows.push_back({cause, cycles, sum});
    if (cycles == 0) continue;
    const std::string_view meaning = cause_text(cause);
    chart.steps.push_back(
        {cause, cause_style(cause), cycles, meaning.empty() ? cause : fmt::format("{}: {}", cause, meaning)});
  }
  figure.data.rows.push_back({"simulation", run.stats.at("simulation").at("cycles"), sum});
  figure.description =
      "What lay on the chain of events that ended last: the entries sum exactly to the difference; those of 0 are in "
      "the data alone." +
      axis_note(chart);
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> ladder_figure(const RunFolder& run, const ReportScale&) {
  if (!run.stats.contains("ladder")) return std::nullopt;
  Figure figure;
  figure.title = "What each rung adds";
  figure.data.columns = {"rung", "cycles", "added", "alone", "causes of added"};
  Waterfall chart;
  chart.axis = "cycles";
  chart.begin_label = "estimate";
  chart.begin = run.stats.at("estimate").at("cycles");
  chart.end_label = "simulation";
  figure.data.rows.push_back({"estimate", chart.begin, nullptr, nullptr, ""});
  for (const Json& entry : run.stats["ladder"]) {
    const std::string rung = rung_of(entry);
    const std::string causes = causes_text(entry.at("causes"));
    const auto added = entry.at("added").get<std::int64_t>();
    chart.steps.push_back(
        {rung, added < 0 ? "less" : "more", added, causes.empty() ? rung : fmt::format("{}: {}", rung, causes)});
    figure.data.rows.push_back({rung, entry.at("cycles"), added, entry.at("alone"), causes});
  }
  figure.description = "Cycles that each rung adds to the one below it, from the estimate up." + axis_note(chart);
  figure.drawing = draw(chart);
  return figure;
}

}  // namespace loopsim
