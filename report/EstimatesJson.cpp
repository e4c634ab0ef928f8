#include "report/EstimatesJson.hpp"

#include <utility>

#include "report/ComparisonJson.hpp"
#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const BoundTree& tree, const Estimate& estimate) {
  Json memory_cycles = Json::object();
  Json levels = Json::object();
  for (std::size_t i = 0; i < estimate.levels.size(); ++i) {
    const LevelEstimate& level = estimate.levels[LevelId(i)];
    const std::string& name = level_name(tree.architecture, LevelId(i));
    memory_cycles[name] = value_of(level_time_counters(), level);
    Json& entry = levels[name] = Json::object();
    add_counters(entry, level_traffic_counters(), level);
    add_counters(entry, level_fill_counters(), level);
    add_counters(entry, level_space_counters(), level);
  }
  const RunTotals totals = totals_of(estimate);
  Json json = {{"assumptions", estimate.assumptions}};
  add_counters(json, cycle_counters(), totals);
  add_counters(json, compute_counters(), totals);
  json["memory_cycles"] = std::move(memory_cycles);
  add_counters(json, work_counters(), totals);
  json["levels"] = std::move(levels);
  return json;
}

}  // namespace

Json estimates_json(const BoundTree& tree, const std::vector<ModelResult>& models) {
  Json all = Json::object();
  for (const ModelResult& model : models) {
    Json& entry = all[model.estimate.model];
    entry = estimate_json(tree, model.estimate);
    if (!model.comparison.empty()) entry["comparison"] = model_comparison_json(model.comparison);
  }
  return all;
}

}  // namespace loopsim
