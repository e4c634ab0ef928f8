#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/ModelComparison.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// `estimates` of stats.json: the models by name, null where one does not know a figure.
nlohmann::ordered_json estimates_json(const BoundTree& tree, const std::vector<ModelResult>& models);

}  // namespace loopsim
