#include "base/CellText.hpp"

#include <algorithm>

namespace loopsim {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Bytes of the first `columns` characters.
std::size_t prefix_bytes(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (!continues_character(text[at]) && columns-- == 0) break;
    ++at;
  }
  return at;
}

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7f) c = '?';
  }
  return result;
}

}  // namespace

std::size_t text_width(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

std::string clipped(std::string_view text, std::size_t width) {
  std::string result = printable(text);
  if (text_width(result) <= width) return result;
  const std::string_view mark = std::string_view("...").substr(0, width);
  result.resize(prefix_bytes(result, width - mark.size()));
  return result.append(mark);
}

std::string left_cell(std::string_view text, std::size_t width) {
  std::string result = clipped(text, width);
  return result.append(width - text_width(result), ' ');
}

std::string right_cell(std::string_view text, std::size_t width) {
  std::string result = printable(text);
  const std::size_t taken = text_width(result);
  return taken < width ? result.insert(0, width - taken, ' ') : result;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string all = printable(text);
  std::string_view rest = all;
  while (text_width(rest) > width) {
    const std::size_t limit = prefix_bytes(rest, width);
    // A blank right behind the limit will do as well.
    std::size_t end = rest.substr(0, limit + 1).rfind(' ');
    if (end == std::string_view::npos || end == 0) end = limit;
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  }
  if (!rest.empty() || lines.empty()) lines.emplace_back(rest);
  return lines;
}

}  // namespace loopsim
