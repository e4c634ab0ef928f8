#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace loopsim {

/// A JSON document for people and programs: indented, but a list of numbers or a short entry stays on one line.
/// Bytes that are not UTF-8 are replaced, so that any input name can be written.
std::string json_text(const nlohmann::ordered_json& document);

}  // namespace loopsim
