#include "mapping/LayoutText.hpp"

#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loopsim {

namespace {

std::string count_text(const DataLayout::InLine& in_line) {
  return in_line.words ? std::to_string(*in_line.words) : "";
}

std::string in_names(const DataLayout& layout, const std::vector<std::string>& dimensions) {
  std::vector<std::string> order;
  std::vector<std::string> line;
  for (const std::size_t d : layout.order) order.push_back(dimensions[d]);
  for (const DataLayout::InLine& one : layout.in_line) {
    line.push_back(dimensions[one.dimension] + (one.words ? ":" : "") + count_text(one));
  }
  // A comma tells names from letters, also where there is one dimension.
  if (line.empty()) return fmt::format("{}{}", fmt::join(order, ", "), order.size() == 1 ? "," : "");
  return fmt::format("{} / {}", fmt::join(order, ", "), fmt::join(line, ", "));
}

/// The first letter of a name's last part; upper case, as digits follow it.
char letter_of(const std::string& dimension) {
  const std::size_t last = dimension.rfind('_');
  const std::size_t at = last == std::string::npos || last + 1 == dimension.size() ? 0 : last + 1;
  return static_cast<char>(std::toupper(static_cast<unsigned char>(dimension[at])));
}

std::string in_letters(const DataLayout& layout, const std::vector<std::string>& dimensions) {
  std::string text;
  for (const std::size_t d : layout.order) text += letter_of(dimensions[d]);
  if (!layout.in_line.empty()) text += '_';
  for (const DataLayout::InLine& one : layout.in_line) text += letter_of(dimensions[one.dimension]) + count_text(one);
  return text;
}

bool same(const DataLayout& a, const DataLayout& b) {
  if (a.order != b.order || a.in_line.size() != b.in_line.size()) return false;
  for (std::size_t i = 0; i < a.in_line.size(); ++i) {
    if (a.in_line[i].dimension != b.in_line[i].dimension || a.in_line[i].words != b.in_line[i].words) return false;
  }
  return true;
}

}  // namespace

std::string layout_text(const DataLayout& layout, const std::vector<std::string>& dimensions) {
  std::string text = in_letters(layout, dimensions);
  Diagnostics refused;
  const auto read = parse_layout(text, "", dimensions, {}, refused);
  return read && same(*read, layout) ? text : in_names(layout, dimensions);
}

}  // namespace loopsim
