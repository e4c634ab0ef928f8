#include "report/page/MemoryFigures.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/NumberText.hpp"
#include "report/page/IntervalChart.hpp"
#include "report/page/MemoryRoof.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// Null where there is none.
Json series_of(const RunFolder& run) {
  if (!run.stats.contains("simulation")) return nullptr;
  return run.stats["simulation"].at("dram").value("over_time", Json(nullptr));
}

/// Cycles of the i-th interval.
double length_of(const IntervalChart& chart, std::size_t i) {
  return std::min(chart.interval, chart.end - chart.interval * static_cast<double>(i));
}

IntervalChart chart_of(const RunFolder& run, const Json& series) {
  IntervalChart chart;
  chart.interval = series.at("interval_cycles");
  chart.end = run.stats["simulation"].at("cycles");
  return chart;
}

std::string interval_text(const Json& series) {
  return counted(series.at("interval_cycles").get<std::int64_t>(), "cycle");
}

}  // namespace

std::optional<Figure> bandwidth_figure(const RunFolder& run, const ReportScale&) {
  const Json series = series_of(run);
  if (series.is_null()) return std::nullopt;
  IntervalChart chart = chart_of(run, series);
  const double clock = run.tree ? static_cast<double>(run.tree->architecture.clock_hz) : 0;
  const double giga = 1e9;
  const double unit = run.tree ? clock / giga : 1;  // of a byte a cycle
  chart.unit = run.tree ? "GB/s" : "bytes a cycle";
  chart.series = {{"read", "s0", {}}, {"written", "s1", {}}};
  Figure figure;
  figure.title = "Bandwidth of main memory";
  figure.data.columns = {"begin_cycle", "end_cycle", "read_bytes", "written_bytes"};
  for (std::size_t i = 0; i < series.at("read_bytes").size(); ++i) {
    const double begin = chart.interval * static_cast<double>(i);
    const double cycles = length_of(chart, i);
    const auto read = series["read_bytes"][i].get<std::int64_t>();
    const auto written = series.at("write_bytes")[i].get<std::int64_t>();
    chart.series[0].values.push_back(static_cast<double>(read) / cycles * unit);
    chart.series[1].values.push_back(static_cast<double>(written) / cycles * unit);
    figure.data.rows.push_back(
        {static_cast<std::int64_t>(begin), static_cast<std::int64_t>(begin + cycles), read, written});
  }
  figure.description = "Bytes of the bursts that ended in each " + interval_text(series);
  const auto bytes = run.stats["simulation"]["dram"].at("bytes").get<double>();
  const double average = bytes / chart.end * unit;
  std::string note;
  const std::vector<MemoryRoof> roofs = run.tree ? memory_roofs(run, note) : std::vector<MemoryRoof>();
  if (roofs.empty()) {
    figure.description += fmt::format("; {:.4g} {} on average.", average, chart.unit);
  } else {
    const double peak = roofs.back().bytes_per_cycle * unit;
    chart.level = IntervalChart::Level{"peak of " + roofs.back().name, peak};
    figure.description +=
        fmt::format("; {:.4g} {} on average, {} of the peak.", average, chart.unit, percentage(average, peak));
  }
  figure.description += note;
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> row_figure(const RunFolder& run, const ReportScale&) {
  const Json series = series_of(run);
  if (series.is_null() || series.at("row_hits").is_null()) return std::nullopt;
  IntervalChart chart = chart_of(run, series);
  chart.unit = "% of the bursts";
  chart.most = 100;
  chart.series = {{"hits", "glb", {}}, {"misses", "dram", {}}, {"conflicts", "write", {}}};
  Figure figure;
  figure.title = "Row hits of main memory over time";
  figure.data.columns = {"begin_cycle", "end_cycle", "row_hits", "row_misses", "row_conflicts"};
  const char* const counts[] = {"row_hits", "row_misses", "row_conflicts"};
  for (std::size_t i = 0; i < series["row_hits"].size(); ++i) {
    const double begin = chart.interval * static_cast<double>(i);
    std::vector<Json> row = {static_cast<std::int64_t>(begin), static_cast<std::int64_t>(begin + length_of(chart, i))};
    double all = 0;
    for (const char* count : counts) {
      row.push_back(series.at(count)[i]);
      all += row.back().get<double>();
    }
    for (std::size_t k = 0; k < chart.series.size(); ++k) {
      chart.series[k].values.push_back(all > 0 ? 100 * row[2 + k].get<double>() / all : 0);
    }
    figure.data.rows.push_back(std::move(row));
  }
  const Json& dram = run.stats["simulation"]["dram"];
  const double hits = dram.at("row_hits");
  const double all = hits + dram.at("row_misses").get<double>() + dram.at("row_conflicts").get<double>();
  figure.description = fmt::format(
      "Shares of the bursts in each {} that found their row open (hits), no row (misses), or another one (conflicts); "
      "{} hits in all. Where nothing is drawn main memory was idle.",
      interval_text(series), percentage(hits, all));
  figure.drawing = draw(chart);
  return figure;
}

}  // namespace loopsim
