#include "models/table/AnalyticalModels.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/Diagnostics.hpp"
#include "models/looptree/LoopTreeModel.hpp"

namespace loopsim {

const std::vector<AnalyticalModel>& analytical_models() {
  static const std::vector<AnalyticalModel> models = {
      looptree_model(),
  };
  return models;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const AnalyticalModel& model : analytical_models()) names.push_back(model.name);
  return names;
}

std::vector<AnalyticalModel> models_named(const std::vector<std::string>& names) {
  std::vector<AnalyticalModel> chosen;
  if (names.empty()) return chosen;
  for (const AnalyticalModel& model : analytical_models()) {
    const bool asked_for = std::find(names.begin(), names.end(), model.name) != names.end();
    if (asked_for || chosen.empty()) chosen.push_back(model);
  }
  return chosen;
}

std::string complaint_about_model(const std::string& name) {
  const std::vector<std::string> names = model_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return "";
  return fmt::format("there is no model '{}'{}", name, did_you_mean(name, names));
}

}  // namespace loopsim
