#include "report/ComparisonJson.hpp"

#include <cmath>
#include <string_view>

#include "report/MetricUnit.hpp"
#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// Counts are integers; energies stay fractions, even where one happens to be whole.
Json metric_json(Amount value, std::string_view unit) {
  if (unit == "pJ" || value != std::floor(value)) return static_cast<double>(value);
  return static_cast<std::int64_t>(value);
}

Json relative_json(Amount estimate, Amount simulation) {
  if (estimate == simulation) return 0.0;
  if (estimate == 0) return nullptr;
  return static_cast<double>(simulation - estimate) / std::abs(static_cast<double>(estimate));
}

/// A row without its verdict.
template <class Entry>
Json figures_json(const Entry& entry) {
  const std::string_view unit = metric_unit(entry.metric);
  return {
      {"metric", entry.metric},
      {"estimate", metric_json(entry.estimate, unit)},
      {"simulation", metric_json(entry.simulation, unit)},
      {"delta", metric_json(entry.delta(), unit)},
      {"relative", relative_json(entry.estimate, entry.simulation)},
  };
}

}  // namespace

Json comparison_json(const Comparison& comparison) {
  Json all = Json::array();
  for (const ComparisonEntry& entry : comparison.entries) {
    const std::string_view unit = metric_unit(entry.metric);
    Json causes = Json::array();
    for (const Cause& cause : entry.causes) {
      causes.push_back({{"name", cause.name}, {"amount", metric_json(cause.amount, unit)}});
    }
    Json row = figures_json(entry);
    row["verdict"] = to_string(entry.verdict);
    row["causes"] = std::move(causes);
    all.push_back(std::move(row));
  }
  return all;
}

Json bridge_json(const Comparison& comparison) {
  Json all = Json::array();
  for (const BridgeEntry& entry : comparison.bridge) {
    Json row = {{"cause", entry.cause}};
    add_counters(row, bridge_counters(), entry);
    all.push_back(std::move(row));
  }
  return all;
}

Json model_comparison_json(const std::vector<ModelFigure>& figures) {
  Json all = Json::array();
  for (const ModelFigure& figure : figures) all.push_back(figures_json(figure));
  return all;
}

}  // namespace loopsim
