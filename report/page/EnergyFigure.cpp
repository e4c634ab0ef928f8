#include "report/page/EnergyFigure.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/NumberText.hpp"
#include "report/page/Legend.hpp"
#include "report/page/StackedBars.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// Things by name in the order of their first appearance.
template <class Value>
Value& entry_of(std::vector<std::pair<std::string, Value>>& entries, const std::string& name) {
  for (auto& [known, value] : entries) {
    if (known == name) return value;
  }
  return entries.emplace_back(name, Value()).second;
}

struct Spent {
  double pj = 0;
  std::int64_t count = 0;
};
using SpentByAction = std::vector<std::pair<std::string, Spent>>;
using SpentByComponent = std::vector<std::pair<std::string, SpentByAction>>;

SpentByComponent spent(const Json& energy) {
  SpentByComponent components;
  for (const Json& item : energy) {
    Spent& sum = entry_of(entry_of(components, item.at("component")), item.at("action").get<std::string>());
    sum.pj += item.at("pj").get<double>();
    sum.count += item.at("count").get<std::int64_t>();
  }
  return components;
}

/// The prefix that suits the largest energy.
std::pair<std::string, double> unit_for(double picojoules) {
  for (const auto& [name, size] : {std::pair{"J", 1e12}, std::pair{"mJ", 1e9}, std::pair{"uJ", 1e6}, {"nJ", 1e3}}) {
    if (picojoules >= size) return {name, size};
  }
  return {"pJ", 1};
}

}  // namespace

std::optional<Figure> energy_figure(const RunFolder& run, const ReportScale& scale) {
  Figure figure;
  figure.title = "Energy by component and action";
  figure.data.columns = {"side", "component", "action", "count", "energy_pj"};
  StackedBars chart;
  std::vector<LegendEntry> actions;
  std::vector<std::pair<std::string, std::vector<StackedBar>>> bars;  // of each component: both sides
  for (const char* side : {"estimate", "simulation"}) {
    if (!run.stats.contains(side)) continue;
    for (const auto& [component, by_action] : spent(run.stats[side].at("energy"))) {
      StackedBar bar{component + (side[0] == 'e' ? ", estimated" : ", simulated"), {}};
      for (const auto& [action, sum] : by_action) {
        bar.segments.push_back({action, style_in(actions, action), sum.pj, energy_text(sum.pj)});
        figure.data.rows.push_back({side, component, action, sum.count, sum.pj});
      }
      entry_of(bars, component).push_back(std::move(bar));
    }
  }
  for (auto& [component, sides] : bars) {
    for (StackedBar& bar : sides) {
      double sum = 0;
      for (const BarSegment& segment : bar.segments) sum += segment.value;
      chart.most = std::max(chart.most, sum);
      chart.bars.push_back(std::move(bar));
    }
  }
  if (chart.most <= 0) return std::nullopt;
  if (scale.runs > 1) chart.most = std::max(chart.most, scale.most_component_pj);
  const auto [unit, size] = unit_for(chart.most);
  chart.axis = unit;
  chart.unit = size;
  figure.description =
      "The estimate pays for an access of a memory's full width for every word, the simulation for the accesses that "
      "move "
      "the words.";
  figure.drawing = draw(chart);
  return figure;
}

}  // namespace loopsim
