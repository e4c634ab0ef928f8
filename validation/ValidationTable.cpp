#include "validation/ValidationTable.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <sstream>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"

namespace loopsim {

namespace {

/// More rows of one metric than this are summed up in one line.
constexpr std::size_t most_lines = 16;
/// Of missed rows, no more are listed.
constexpr std::size_t most_missed = 10;
/// Columns of a text in the table, at most.
constexpr std::size_t widest_text = 50;

/// A line of the table: a row, or many of a metric.
struct Line {
  std::string row, metric, published, estimate, simulation, error, bar, verdict;
};

std::string figure_text(const std::optional<double>& figure) {
  if (!figure) return "-";
  if (*figure == std::floor(*figure) && std::abs(*figure) < 1e15) return grouped(static_cast<std::int64_t>(*figure));
  if (std::abs(*figure) < 0.01) return fmt::format("{:.6f}", *figure);
  return fmt::format("{:.3f}", *figure);
}

std::string error_text(const std::optional<double>& error) {
  if (!error) return "-";
  if (*error == 0) return "0";
  if (std::abs(*error) < 0.00005) return *error < 0 ? ">-0.01 %" : "<0.01 %";
  return fmt::format("{:+.2f} %", 100 * *error);
}

Line line_of(const ValidationRow& row) {
  return {row.row,
          row.metric,
          figure_text(row.published),
          figure_text(row.estimate),
          figure_text(row.simulation),
          error_text(row.error),
          to_string(row.bar),
          to_string(row.verdict)};
}

/// Sums and counts over rows of one metric.
Line summary_of(const std::vector<const ValidationRow*>& rows) {
  const auto sum = [&rows](std::optional<double> ValidationRow::*figure) {
    std::optional<double> total;
    for (const ValidationRow* row : rows) {
      if (row->*figure) total = total.value_or(0) + *(row->*figure);
    }
    return figure_text(total);
  };
  std::size_t missed = 0;
  double worst = 0;
  for (const ValidationRow* row : rows) {
    missed += row->verdict == RowVerdict::missed;
    if (row->error && std::abs(*row->error) > std::abs(worst)) worst = *row->error;
  }
  Line line = line_of(*rows.front());
  line.row = fmt::format("{} rows, sum", rows.size());
  line.published = sum(&ValidationRow::published);
  line.estimate = sum(&ValidationRow::estimate);
  line.simulation = sum(&ValidationRow::simulation);
  line.error = "worst " + error_text(worst);
  if (missed > 0) line.verdict = fmt::format("{} missed", missed);
  return line;
}

/// Metrics as they are summed up: "equal figures of the estimate; not …" goes with those of all other rows.
std::string family(const ValidationRow& row) {
  return row.metric.substr(0, row.metric.find("; not "));
}

std::vector<Line> lines_of(const ValidatedCase& c) {
  std::vector<std::pair<std::string, std::vector<const ValidationRow*>>> metrics;
  for (const ValidationRow& row : c.rows) {
    const auto known =
        std::find_if(metrics.begin(), metrics.end(), [&](const auto& entry) { return entry.first == family(row); });
    if (known == metrics.end()) {
      metrics.push_back({family(row), {&row}});
    } else {
      known->second.push_back(&row);
    }
  }
  std::vector<Line> lines;
  for (const auto& [metric, rows] : metrics) {
    if (rows.size() <= most_lines) {
      for (const ValidationRow* row : rows) lines.push_back(line_of(*row));
      continue;
    }
    lines.push_back(summary_of(rows));
    lines.back().metric = metric;
    std::size_t listed = 0;
    for (const ValidationRow* row : rows) {
      if (row->verdict == RowVerdict::missed && listed++ < most_missed) lines.push_back(line_of(*row));
    }
  }
  return lines;
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

/// Whole numbers from a thousand on, else two digits after the point.
std::string short_text(const std::optional<double>& figure) {
  if (!figure) return "-";
  if (std::abs(*figure) >= 1000) return grouped(std::llround(*figure));
  return fmt::format("{:.2f}", *figure);
}

/// A table with a line for each row and a column for each metric; two where the estimate has it too.
struct AcrossTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> lines;
};

AcrossTable across_table(const ValidatedCase& c) {
  struct Column {
    std::string metric;
    bool estimate;
  };
  std::vector<Column> columns;
  std::vector<std::string> names;
  for (const ValidationRow& row : c.rows) {
    if (std::find(names.begin(), names.end(), row.row) == names.end()) names.push_back(row.row);
    const bool known =
        std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return column.metric == row.metric; });
    if (known) continue;
    if (row.estimate) columns.push_back({row.metric, true});
    columns.push_back({row.metric, false});
  }
  AcrossTable table;
  table.header = {"row"};
  for (const Column& column : columns) table.header.push_back(column.metric + (column.estimate ? ", estimate" : ""));
  for (const std::string& name : names) {
    std::vector<std::string> line = {name};
    for (const Column& column : columns) {
      const auto found = std::find_if(c.rows.begin(), c.rows.end(), [&](const ValidationRow& row) {
        return row.row == name && row.metric == column.metric;
      });
      line.push_back(found == c.rows.end() ? "" : short_text(column.estimate ? found->estimate : found->simulation));
    }
    table.lines.push_back(std::move(line));
  }
  return table;
}

/// For the terminal: a heading is as many lines high as it has words, so that columns stay narrow.
std::string across_text(const ValidatedCase& c) {
  const AcrossTable table = across_table(c);
  std::vector<std::vector<std::string>> heads;
  std::size_t height = 0;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    heads.push_back(wrapped(table.header[i], 10));
    height = std::max(height, heads.back().size());
    widths.push_back(10);
    for (const auto& line : table.lines) widths[i] = std::max(widths[i], text_width(line[i]));
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    text += "  " + left_cell(cells[0], widths[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) text += "  " + right_cell(cells[i], widths[i]);
    text += "\n";
  };
  for (std::size_t level = 0; level < height; ++level) {
    std::vector<std::string> cells;
    for (const auto& head : heads) {
      const std::size_t above = height - head.size();
      cells.push_back(level < above ? "" : head[level - above]);
    }
    add(cells);
  }
  for (const auto& line : table.lines) add(line);
  return text;
}

std::string across_page(const ValidatedCase& c) {
  const AcrossTable table = across_table(c);
  const auto line_of_cells = [](const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + escaped(cell) + " |";
    return text + "\n";
  };
  std::string text = line_of_cells(table.header) + "|---|";
  for (std::size_t i = 1; i < table.header.size(); ++i) text += "---:|";
  text += "\n";
  for (const auto& line : table.lines) text += line_of_cells(line);
  return text;
}

std::string lines_page(const ValidatedCase& c) {
  std::string text = "| row | metric | published | estimate | simulation | error | bar | verdict |\n";
  text += "|---|---|---:|---:|---:|---:|---|---|\n";
  for (const Line& line : lines_of(c)) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", escaped(line.row), escaped(line.metric),
                        line.published, line.estimate, line.simulation, line.error, line.bar, line.verdict);
  }
  return text;
}

nlohmann::ordered_json number_or_null(const std::optional<double>& figure) {
  if (!figure) return nullptr;
  if (*figure == std::floor(*figure) && std::abs(*figure) < 1e15) return static_cast<std::int64_t>(*figure);
  return *figure;
}

std::string paragraph(const char* label, const std::string& text) {
  std::string result;
  if (text.empty()) return result;
  for (const std::string& line : wrapped(std::string(label) + text, 118)) result += line + "\n";
  return result + "\n";
}

}  // namespace

std::string validation_table(const std::vector<ValidatedCase>& cases) {
  std::string text;
  for (const ValidatedCase& c : cases) {
    if (!text.empty()) text += "\n";
    text += fmt::format("{}: {}\n", c.described.name, c.described.title);
    for (const std::string& line : wrapped("source: " + c.described.source, 130)) text += "  " + line + "\n";
    if (!c.described.assumption.empty()) {
      for (const std::string& line : wrapped("assumes: " + c.described.assumption, 130)) text += "  " + line + "\n";
    }
    if (c.described.across) {
      text += across_text(c);
      continue;
    }
    const std::vector<Line> lines = lines_of(c);
    std::size_t rows = 4;
    std::size_t metrics = 7;
    for (const Line& line : lines) {
      rows = std::min(widest_text, std::max(rows, text_width(line.row) + 1));
      metrics = std::min(widest_text, std::max(metrics, text_width(line.metric) + 1));
    }
    text += "  " + left_cell("row", rows) + left_cell("metric", metrics);
    text += fmt::format("{:>14}{:>14}{:>14}{:>16}  {:<18}{}\n", "published", "estimate", "simulation", "error", "bar",
                        "verdict");
    for (const Line& line : lines) {
      text += "  " + left_cell(line.row, rows) + left_cell(line.metric, metrics) + right_cell(line.published, 14) +
              right_cell(line.estimate, 14) + right_cell(line.simulation, 14) + right_cell(line.error, 16) + "  " +
              fmt::format("{:<18}{}\n", line.bar, line.verdict);
    }
  }
  std::size_t met = 0;
  std::size_t missed = 0;
  for (const ValidatedCase& c : cases) {
    for (const ValidationRow& row : c.rows) {
      met += row.verdict == RowVerdict::met;
      missed += row.verdict == RowVerdict::missed;
    }
  }
  return text + fmt::format("\n{} bars met, {} missed\n", met, missed);
}

nlohmann::ordered_json validation_json(const std::vector<ValidatedCase>& cases) {
  auto document = nlohmann::ordered_json::array();
  for (const ValidatedCase& c : cases) {
    for (const ValidationRow& row : c.rows) {
      document.push_back({{"case", row.case_name},
                          {"row", row.row},
                          {"metric", row.metric},
                          {"published", number_or_null(row.published)},
                          {"estimate", number_or_null(row.estimate)},
                          {"simulation", number_or_null(row.simulation)},
                          {"error", row.error ? nlohmann::ordered_json(*row.error) : nlohmann::ordered_json()},
                          {"bar", to_string(row.bar)},
                          {"verdict", to_string(row.verdict)}});
    }
  }
  return document;
}

std::string validation_section(const ValidatedCase& c) {
  std::string text = fmt::format("## {}: `{}`\n\n", c.described.title, c.described.name);
  text += paragraph("Source: ", c.described.source);
  text += paragraph("Compared: ", c.described.compared);
  text += paragraph("Assumption: ", c.described.assumption);
  text += paragraph("Calibrated: ", c.described.calibrated);
  text += c.described.across ? across_page(c) : lines_page(c);
  if (!c.described.conclusion.empty()) text += "\n" + paragraph("", c.described.conclusion);
  while (text.size() > 1 && text[text.size() - 2] == '\n') text.pop_back();
  return text;
}

std::string validation_page(const std::vector<ValidatedCase>& cases) {
  std::string text = R"(# Validation

Published figures beside ours. `loopsim validate` runs the cases and exits 1 if one misses its bar; this page is written by
`loopsim validate --write-docs`. The cases are the files of `validation/cases`. Where a case has many rows, the page sums
them up; `loopsim validate --json` has every row.
)";
  for (const ValidatedCase& c : cases) text += "\n" + validation_section(c);
  return text;
}

}  // namespace loopsim
