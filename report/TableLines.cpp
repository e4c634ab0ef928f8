#include "report/TableLines.hpp"

#include <fmt/format.h>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"

namespace loopsim {

void TableLines::add(std::string_view line) {
  std::string text = clipped(line, table_width);
  text.erase(text.find_last_not_of(' ') + 1);
  text_ += text;
  text_ += '\n';
}

void TableLines::heading(std::string_view title) {
  blank();
  add(title);
}

void TableLines::row(std::string_view label, std::string_view number, std::string_view remark) {
  add(fmt::format("  {}{}  {}", left_cell(label, label_width), right_cell(number, number_width), remark));
}

void TableLines::row(std::string_view label, std::string_view estimate, std::string_view simulation,
                     std::string_view remark) {
  add(fmt::format("  {}{}{}  {}", left_cell(label, label_width), right_cell(estimate, number_width),
                  right_cell(simulation, number_width), remark));
}

void TableLines::left_out(std::size_t count, std::string_view what) {
  if (count > 0)
    add(fmt::format("  ... and {} more {}: see stats.json", grouped(static_cast<std::int64_t>(count)), what));
}

}  // namespace loopsim
