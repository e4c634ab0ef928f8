#include "report/page/ResourceFigure.hpp"

#include <cmath>
#include <string>

#include "base/NumberText.hpp"
#include "report/page/StackedBars.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// Adds bars and rows.
class ResourceBars {
 public:
  ResourceBars(StackedBars& chart, DataTable& data) : chart_(chart), data_(data) {}

  void busy(const std::string& name, double used, double available) {
    add(name, "busy", "compute", used, available, "cycle");
  }
  void held(const std::string& name, double used, double available) {
    add(name, "held at most", "glb", used, available, "word");
  }

 private:
  void add(const std::string& name, const char* kind, const char* style, double used, double available,
           const char* unit) {
    if (used <= 0 || available <= 0) return;
    chart_.bars.push_back({name,
                           {{kind, style, 100 * used / available,
                             counted(static_cast<std::int64_t>(std::llround(used)), unit) + " of " +
                                 grouped(static_cast<std::int64_t>(available))}},
                           percentage(used, available)});
    data_.rows.push_back({name, kind, used, available, std::string(unit) + "s"});
  }

  StackedBars& chart_;
  DataTable& data_;
};

void add_buffer_ports(ResourceBars& bars, const Json& buffer, double cycles) {
  const std::string whose = buffer.at("bank_busy_cycles").is_null() ? "buffer ports" : "busiest bank";
  const double read = buffer.at("read_busy_cycles");
  const double write = buffer.at("write_busy_cycles");
  bars.busy(whose + ", reads", read, cycles);
  bars.busy(whose + ", writes", write, cycles);
}

}  // namespace

std::optional<Figure> resource_figure(const RunFolder& run, const ReportScale&) {
  if (!run.stats.contains("simulation")) return std::nullopt;
  const Json& simulation = run.stats["simulation"];
  const double cycles = simulation.at("cycles");
  Figure figure;
  figure.title = "How much of each resource was used";
  figure.description =
      "Of the run's cycles: operations beside what the array could do, and how long data lines, ports and links were "
      "busy. Of the size: most words held at once. What is near 100 % is a limit; where nothing is, latencies and the "
      "order of the work are.";
  figure.data.columns = {"resource", "kind", "used", "available", "unit"};
  StackedBars chart;
  chart.axis = "%";
  chart.most = 100;
  ResourceBars bars(chart, figure.data);
  if (run.tree) {
    const PeMesh& mesh = run.tree->architecture.mesh;
    if (mesh.columns && mesh.rows) {
      const double operations = simulation.at("macs");
      const double elements = static_cast<double>(*mesh.columns) * static_cast<double>(*mesh.rows);
      bars.busy("PE array", operations / elements, cycles);
    }
  }
  const double data_lines = simulation.at("dram").at("busy_cycles");
  bars.busy("main memory", data_lines, cycles);
  add_buffer_ports(bars, simulation.at("glb"), cycles);
  const Json& network = simulation.at("noc");
  const double link = network.at("busy_cycles");
  bars.busy(network.at("flits").is_null() ? "link to the array" : "busiest link", link, cycles);
  for (const auto& [name, level] : simulation.at("levels").items()) {
    if (level.at("size_words").is_null()) continue;
    const double held = level.at("peak_words");
    const double size = level["size_words"];
    bars.held(name + ", space", held, size);
  }
  if (chart.bars.empty()) return std::nullopt;
  figure.drawing = draw(chart);
  return figure;
}

}  // namespace loopsim
