#pragma once

#include <string>
#include <vector>

#include "models/AnalyticalModel.hpp"

namespace loopsim {

/// All models, a row each. The first is LoopTree's, which every run is compared with.
const std::vector<AnalyticalModel>& analytical_models();

std::vector<std::string> model_names();

/// The models that `names` asks for, in the order of the table, and the first one beside them; none if nothing is
/// asked for. Names that are unknown are passed over.
std::vector<AnalyticalModel> models_named(const std::vector<std::string>& names);

/// What is wrong with a model's name, and which was meant; empty if there is such a model.
std::string complaint_about_model(const std::string& name);

}  // namespace loopsim
