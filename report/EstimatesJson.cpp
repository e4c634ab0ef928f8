#include "report/EstimatesJson.hpp"

#include <optional>
#include <utility>

#include "report/ComparisonJson.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json known(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json estimate_json(const BoundTree& tree, const Estimate& estimate) {
  Json memory_cycles = Json::object();
  Json levels = Json::object();
  for (std::size_t i = 0; i < estimate.levels.size(); ++i) {
    const LevelEstimate& level = estimate.levels[LevelId(i)];
    const std::string& name = level_name(tree.architecture, LevelId(i));
    memory_cycles[name] = known(level.cycles);
    levels[name] = {
        {"reads", known(level.reads)},
        {"writes", known(level.writes)},
        {"fills", known(level.fills)},
        {"required_words", known(level.required_words)},
    };
  }
  return {
      {"assumptions", estimate.assumptions},
      {"cycles", known(estimate.cycles)},
      {"compute_cycles", known(estimate.compute_cycles)},
      {"memory_cycles", std::move(memory_cycles)},
      {"macs", known(estimate.macs)},
      {"energy_pj", known(estimate.energy_pj)},
      {"levels", std::move(levels)},
  };
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
