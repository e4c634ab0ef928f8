#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace loopsim::generator {

/// What does not add up in a `stats.json` of `run --functional`; empty if all does.
std::vector<std::string> wrong_sums(const nlohmann::json& stats, const std::string& fidelity);

/// Parts of two documents of the same input that should be equal and are not.
std::vector<std::string> differences(const nlohmann::json& one, const nlohmann::json& other,
                                     const std::vector<std::string>& parts);

}  // namespace loopsim::generator
