#include "report/page/DataTable.hpp"

#include <fmt/format.h>

#include "base/CsvField.hpp"
#include "base/NumberText.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

std::string field_of(const DataTable::Cell& cell) {
  if (cell.is_null()) return "";
  return cell.is_string() ? csv_field(cell.get_ref<const std::string&>()) : cell.dump();
}

std::string shown(const DataTable::Cell& cell) {
  if (cell.is_null()) return "";
  if (cell.is_string()) return escaped(cell.get_ref<const std::string&>());
  if (cell.is_number_integer()) return grouped(cell.get<std::int64_t>());
  return cell.is_number_float() ? fmt::format("{:.6g}", cell.get<double>()) : cell.dump();
}

}  // namespace

std::string csv_text(const DataTable& table) {
  std::string text;
  auto append = [&text](std::size_t column, const std::string& field) {
    if (column > 0) text += ',';
    text += field;
  };
  for (std::size_t i = 0; i < table.columns.size(); ++i) append(i, csv_field(table.columns[i]));
  text += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) append(i, field_of(row[i]));
    text += '\n';
  }
  return text;
}

std::string table_markup(const DataTable& table, std::string_view name, std::size_t most_rows) {
  std::string text = "<table aria-label=\"" + escaped(name) + "\"><thead><tr>";
  for (const std::string& column : table.columns) text += "<th scope=\"col\">" + escaped(column) + "</th>";
  text += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < table.rows.size() && i < most_rows; ++i) {
    text += "<tr>";
    const auto& row = table.rows[i];
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (column == 0 && row[column].is_string()) {
        text += "<th scope=\"row\">" + shown(row[column]) + "</th>";
      } else {
        text += (row[column].is_number() ? "<td class=\"number\">" : "<td>") + shown(row[column]) + "</td>";
      }
    }
    text += "</tr>\n";
  }
  if (table.rows.size() > most_rows) {
    text += fmt::format("<tr><td colspan=\"{}\">… {} more in the CSV</td></tr>\n", table.columns.size(),
                        grouped(static_cast<std::int64_t>(table.rows.size() - most_rows)));
  }
  return text + "</tbody></table>";
}

}  // namespace loopsim
