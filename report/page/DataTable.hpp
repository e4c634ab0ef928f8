#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

/// The numbers of a chart. Cells are texts, numbers as stats.json has them, or null (nothing).
struct DataTable {
  using Cell = nlohmann::ordered_json;

  std::vector<std::string> columns;  ///< with units
  std::vector<std::vector<Cell>> rows;
};

/// RFC 4180, with a line of column names.
std::string csv_text(const DataTable& table);

/// As an HTML table with that name for readers of a screen; at most `most_rows`, then a row that says how many more
/// there are. A text in the first column is the head of its row.
std::string table_markup(const DataTable& table, std::string_view name, std::size_t most_rows);

}  // namespace loopsim
