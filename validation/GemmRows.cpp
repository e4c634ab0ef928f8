#include "validation/GemmRows.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>

#include "base/TextFile.hpp"
#include "validation/Csv.hpp"
#include "validation/GemmTree.hpp"
#include "validation/RunFigures.hpp"
#include "validation/ValidationData.hpp"

namespace loopsim {

namespace {

using Row = std::map<std::string, std::int64_t>;

struct Settings {
  std::string data;
  std::string machine;
  double counter_offset = 0;
  double worst = 0;
  double mean = 0;
};

Settings read_settings(const ValidationCase& c) {
  Diagnostics diagnostics;
  Settings settings;
  MapReader reader(*c.document, "a case of kind 'gemm_rows'", diagnostics);
  accept_common_keys(reader);
  if (const auto node = reader.required("data")) settings.data = read_text(*node, "data", diagnostics).value_or("");
  if (const auto node = reader.required("machine"))
    settings.machine = read_text(*node, "machine", diagnostics).value_or("");
  if (const auto node = reader.optional("counter_offset"))
    settings.counter_offset = read_number(*node, "counter_offset", diagnostics).value_or(0);
  if (const auto bar = reader.required("bar")) {
    MapReader bars(*bar, "a bar", diagnostics);
    if (const auto node = bars.required("worst")) settings.worst = read_number(*node, "worst", diagnostics).value_or(0);
    if (const auto node = bars.required("mean")) settings.mean = read_number(*node, "mean", diagnostics).value_or(0);
    bars.finish();
  }
  reader.finish();
  throw_errors(diagnostics);
  return settings;
}

/// All columns are there, extents and tiles are positive, and two fused GEMMs fit each other.
void check(const Csv& csv, bool fused, const std::shared_ptr<const SourceText>& source) {
  Diagnostics diagnostics;
  std::vector<std::string> wanted = {"M", "N", "K", "mM", "mN", "mK"};
  if (fused) wanted = {"M", "N1", "K1", "mM", "mN1", "mK1", "M2", "N2", "K2", "mM2", "mN2", "mK2"};
  for (const std::string& column : wanted) {
    if (std::find(csv.columns.begin(), csv.columns.end(), column) != csv.columns.end()) continue;
    diagnostics.error({source, 1, 1}, fmt::format("there is no column '{}'", column));
  }
  throw_errors(diagnostics);
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const Row& row = csv.rows[i];
    for (const std::string& column : wanted) {
      if (row.at(column) >= 1 && row.at(column) <= (1 << 20)) continue;
      diagnostics.error(csv.where[i], fmt::format("{}: expected 1 to {}, got {}", column, 1 << 20, row.at(column)));
    }
    if (!fused) continue;
    const auto same = [&](const char* a, const char* b) {
      if (row.at(a) == row.at(b)) return;
      diagnostics.error(csv.where[i], fmt::format("{} and {} have to be equal", a, b));
    };
    same("M", "M2");
    same("N1", "K2");
    same("mM", "mM2");
  }
  throw_errors(diagnostics);
}

std::string tree_of(const Row& row, bool fused, std::int64_t side) {
  if (!fused) {
    return gemm_tree({row.at("M"), row.at("N"), row.at("K"), row.at("mM"), row.at("mN"), row.at("mK")}, side);
  }
  return fused_gemm_tree({row.at("M"), row.at("N1"), row.at("K1"), row.at("mM"), row.at("mN1"), row.at("mK1")},
                         {row.at("M2"), row.at("N2"), row.at("K2"), row.at("mM2"), row.at("mN2"), row.at("mK2")}, side);
}

ValidationRow row_of(const ValidationCase& c, std::string row, std::string metric, const Bar& bar) {
  ValidationRow result;
  result.case_name = c.name;
  result.row = std::move(row);
  result.metric = std::move(metric);
  result.bar = bar;
  return result;
}

/// The largest and the mean |error| of the rows of `cycles`.
void add_summary(const ValidationCase& c, const Settings& settings, std::vector<ValidationRow>& rows) {
  double sum = 0;
  double worst = 0;
  std::size_t count = 0;
  for (const ValidationRow& row : rows) {
    if (row.metric != "cycles" || !row.error) continue;
    sum += std::abs(*row.error);
    worst = std::max(worst, std::abs(*row.error));
    ++count;
  }
  if (count == 0) return;
  ValidationRow mean = row_of(c, "all", "mean |error| of cycles", {Bar::Kind::at_most, 0, settings.mean});
  mean.simulation = sum / static_cast<double>(count);
  judge(mean);
  ValidationRow most = row_of(c, "all", "worst |error| of cycles", {Bar::Kind::at_most, 0, settings.worst});
  most.simulation = worst;
  judge(most);
  rows.push_back(std::move(mean));
  rows.push_back(std::move(most));
}

}  // namespace

ValidationPlan plan_gemm_rows(const ValidationCase& c, const std::optional<std::string>& data) {
  constexpr std::int64_t side = 16;  // of the array, as in the machine's file
  const Settings settings = read_settings(c);
  const auto source = data ? read_required_file(*data, {true}) : validation_file(settings.data);
  const auto machine = validation_file(settings.machine);
  if (!source || !machine) throw std::logic_error(c.name + ": its data or machine is not built in");
  const auto csv = std::make_shared<const Csv>(parse_csv(source));
  const bool fused = std::find(csv->columns.begin(), csv->columns.end(), "M2") != csv->columns.end();
  check(*csv, fused, source);
  ValidationPlan plan;
  for (std::size_t i = 0; i < csv->rows.size(); ++i) {
    FigureRun run;
    run.inputs = {std::make_shared<SourceText>(
                      SourceText{fmt::format("{} row {}", c.name, i + 1), tree_of(csv->rows[i], fused, side)}),
                  machine};
    plan.tasks.push_back(figures_task(std::move(run)));
  }
  plan.rows = [c, csv, settings](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const Figures figures = figures_from(outcomes[i], fmt::format("case {}, row {}", c.name, i + 1));
      const Row& data_row = csv->rows[i];
      const auto published = [&](const char* column) -> std::optional<double> {
        const auto found = data_row.find(column);
        if (found == data_row.end()) return std::nullopt;
        return static_cast<double>(found->second);
      };
      const std::string number = std::to_string(i + 1);
      ValidationRow cycles = row_of(c, number, "cycles", {Bar::Kind::within, settings.worst, 0});
      cycles.published = published("rtl_cycles");
      if (!cycles.published) cycles.bar = {};
      cycles.estimate = figures.at("estimate.cycles");
      cycles.simulation = figures.at("simulation.cycles") + settings.counter_offset;
      judge(cycles);
      rows.push_back(std::move(cycles));
      const auto traffic = [&](const char* column, const char* metric, const char* figure) {
        ValidationRow row = row_of(c, number, metric, {Bar::Kind::exact, 0, 0});
        row.published = published(column);
        row.simulation = figures.at(figure);
        judge(row);
        if (row.published) rows.push_back(std::move(row));
      };
      traffic("mem_to_buf", "DRAM to buffer, bits", "simulation.dram_read_bits");
      traffic("buf_to_mem", "buffer to DRAM, bits", "simulation.dram_write_bits");
    }
    add_summary(c, settings, rows);
    return rows;
  };
  return plan;
}

}  // namespace loopsim
