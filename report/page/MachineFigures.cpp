#include "report/page/MachineFigures.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/NumberText.hpp"
#include "report/page/StackedBars.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

const Json* part_of_simulation(const RunFolder& run, const char* part) {
  return run.stats.contains("simulation") ? &run.stats["simulation"].at(part) : nullptr;
}

std::string share_of_run(const RunFolder& run, std::int64_t cycles) {
  const double whole = run.stats.at("simulation").at("cycles");
  return percentage(static_cast<double>(cycles), whole) + " of the run's cycles";
}

}  // namespace

std::optional<Figure> dram_figure(const RunFolder& run, const ReportScale&) {
  const Json* const dram = part_of_simulation(run, "dram");
  if (dram == nullptr || dram->at("row_hits").is_null()) return std::nullopt;
  Figure figure;
  figure.title = "Rows of main memory";
  figure.data.columns = {"found", "bursts"};
  StackedBars chart;
  chart.axis = "bursts";
  StackedBar bar{"bursts", {}};
  for (const auto& [name, style] : {std::pair{"row_hits", "glb"}, {"row_misses", "dram"}, {"row_conflicts", "write"}}) {
    const auto bursts = dram->at(name).get<std::int64_t>();
    bar.segments.push_back({name, style, static_cast<double>(bursts), counted(bursts, "burst")});
    figure.data.rows.push_back({name, bursts});
  }
  chart.bars.push_back(std::move(bar));
  figure.description = fmt::format(
      "A hit finds its row open, a miss no row, a conflict another one. {} refreshes; the data lines were busy {}.",
      grouped(dram->at("refreshes").get<std::int64_t>()),
      share_of_run(run, dram->at("busy_cycles").get<std::int64_t>()));
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> bank_figure(const RunFolder& run, const ReportScale&) {
  const Json* const buffer = part_of_simulation(run, "glb");
  if (buffer == nullptr || buffer->at("bank_busy_cycles").is_null()) return std::nullopt;
  Figure figure;
  figure.title = "Banks of the global buffer";
  figure.data.columns = {"bank", "busy_cycles"};
  StackedBars chart;
  chart.axis = "busy cycles, up to those of the run";
  chart.most = run.stats["simulation"].at("cycles");
  std::size_t number = 0;
  for (const Json& busy : buffer->at("bank_busy_cycles")) {
    const auto cycles = busy.get<std::int64_t>();
    const std::string name = fmt::format("bank {}", number);
    chart.bars.push_back({name, {{"busy", "glb", static_cast<double>(cycles), share_of_run(run, cycles)}}});
    figure.data.rows.push_back({number++, cycles});
  }
  figure.description = fmt::format("Waits: {} cycles for a step's own other lines, {} for other users of a bank.",
                                   grouped(buffer->at("bank_conflict_cycles").get<std::int64_t>()),
                                   grouped(buffer->at("bank_arbitration_cycles").get<std::int64_t>()));
  figure.drawing = draw(chart);
  return figure;
}

std::optional<Figure> link_figure(const RunFolder& run, const ReportScale&) {
  const Json* const noc = part_of_simulation(run, "noc");
  if (noc == nullptr || noc->at("busiest_links").empty()) return std::nullopt;
  Figure figure;
  figure.title = "Busiest links of the network";
  figure.data.columns = {"link", "flits"};
  StackedBars chart;
  chart.axis = "flits; a link carries one a cycle: up to the cycles of the run";
  chart.most = run.stats["simulation"].at("cycles");
  for (const Json& link : noc->at("busiest_links")) {
    const std::string name = link.at("link");
    const auto flits = link.at("flits").get<std::int64_t>();
    chart.bars.push_back({name, {{"flits", "noc", static_cast<double>(flits), counted(flits, "flit")}}});
    figure.data.rows.push_back({name, flits});
  }
  const Json& latency = noc->at("avg_latency");
  figure.description =
      fmt::format("{} flits entered and went over {} links in all", grouped(noc->at("flits").get<std::int64_t>()),
                  grouped(noc->at("flit_hops").get<std::int64_t>()));
  if (!latency.is_null())
    figure.description += fmt::format("; a delivery took {:.1f} cycles on average", latency.get<double>());
  figure.description += ".";
  figure.drawing = draw(chart);
  return figure;
}

}  // namespace loopsim
