#include "report/JsonText.hpp"

#include <algorithm>

namespace loopsim {
namespace {

using nlohmann::ordered_json;

/// Longest object that is written on one line.
constexpr std::size_t longest_line = 120;

std::string scalar_text(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

bool is_flat(const ordered_json& value) {
  return std::all_of(value.begin(), value.end(), [](const ordered_json& item) { return item.is_primitive(); });
}

std::string one_line(const ordered_json& value) {
  std::string text(1, value.is_object() ? '{' : '[');
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (item != value.begin()) text += ", ";
    if (value.is_object()) text += scalar_text(item.key()) + ": ";
    text += scalar_text(item.value());
  }
  text += value.is_object() ? '}' : ']';
  return text;
}

void append(std::string& text, const ordered_json& value, std::size_t indent) {
  if (value.is_primitive()) {
    text += scalar_text(value);
    return;
  }
  if (is_flat(value)) {
    std::string line = one_line(value);
    const bool is_list_of_numbers = value.is_array() && !value.empty() && value.front().is_number();
    if (is_list_of_numbers || line.size() + indent <= longest_line) {
      text += line;
      return;
    }
  }
  const std::string margin(indent + 2, ' ');
  text += value.is_object() ? "{\n" : "[\n";
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (item != value.begin()) text += ",\n";
    text += margin;
    if (value.is_object()) text += scalar_text(item.key()) + ": ";
    append(text, item.value(), indent + 2);
  }
  text += '\n' + std::string(indent, ' ') + (value.is_object() ? '}' : ']');
}

}  // namespace

std::string json_text(const ordered_json& document) {
  std::string text;
  append(text, document, 0);
  text += '\n';
  return text;
}

}  // namespace loopsim
