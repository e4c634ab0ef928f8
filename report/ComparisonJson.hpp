#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/Comparison.hpp"
#include "comparison/ModelComparison.hpp"

namespace loopsim {

/// `comparison` of stats.json: every metric with its verdict and causes.
nlohmann::ordered_json comparison_json(const Comparison& comparison);

/// `bridge` of stats.json.
nlohmann::ordered_json bridge_json(const Comparison& comparison);

/// The rows of a model that is compared without being judged.
nlohmann::ordered_json model_comparison_json(const std::vector<ModelFigure>& figures);

}  // namespace loopsim
