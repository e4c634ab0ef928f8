#include "validation/Csv.hpp"

#include <charconv>
#include <fmt/format.h>
#include <sstream>

namespace loopsim {

namespace {

struct Cell {
  std::string text;
  int column = 0;  ///< from 1
};

std::vector<Cell> cells_of(const std::string& line) {
  std::vector<Cell> cells;
  std::size_t begin = 0;
  while (begin <= line.size()) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    std::size_t first = begin;
    std::size_t last = end;
    while (first < last && std::isspace(static_cast<unsigned char>(line[first])) != 0) ++first;
    while (last > first && std::isspace(static_cast<unsigned char>(line[last - 1])) != 0) --last;
    cells.push_back({line.substr(first, last - first), static_cast<int>(first) + 1});
    begin = end + 1;
  }
  return cells;
}

}  // namespace

Csv parse_csv(const std::shared_ptr<const SourceText>& source) {
  Csv csv;
  Diagnostics diagnostics;
  std::istringstream text(source->text);
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::vector<Cell> cells = cells_of(line);
    if (csv.columns.empty()) {
      for (const Cell& cell : cells) csv.columns.push_back(cell.text);
      continue;
    }
    if (cells.size() != csv.columns.size()) {
      diagnostics.error({source, number, 1},
                        fmt::format("expected {} values, got {}", csv.columns.size(), cells.size()));
      continue;
    }
    std::map<std::string, std::int64_t> row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& value = cells[i].text;
      std::int64_t integer = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), integer);
      if (error != std::errc() || end != value.data() + value.size()) {
        diagnostics.error({source, number, cells[i].column},
                          fmt::format("{}: expected an integer, got '{}'", csv.columns[i], value));
      }
      row[csv.columns[i]] = integer;
    }
    csv.rows.push_back(std::move(row));
    csv.where.push_back({source, number, 1});
  }
  if (!diagnostics.has_errors() && csv.rows.empty()) diagnostics.error({source, 0, 0}, "there are no rows of data");
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  return csv;
}

}  // namespace loopsim
