#include "report/page/RunsTable.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "base/NumberText.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;
using Figures = std::vector<std::pair<std::string, Json>>;

Figures figures_of(const RunFolder& run) {
  Figures figures = {{"cycles, estimated", run.stats.at("estimate").at("cycles")}};
  const bool simulated = run.stats.contains("simulation");
  const Json& side = simulated ? run.stats["simulation"] : run.stats.at("estimate");
  if (simulated) figures.emplace_back("cycles, simulated", side.at("cycles"));
  figures.emplace_back("energy, uJ", side.at("energy_pj").get<double>() / 1e6);
  figures.emplace_back("operations", side.at("macs"));
  for (const auto& [name, level] : side.at("levels").items()) {
    const auto words = level.at("reads").get<std::int64_t>() + level.at("writes").get<std::int64_t>();
    figures.emplace_back(name + ", words read and written", words);
    figures.emplace_back(name + ", words held at most", level.at(simulated ? "peak_words" : "required_words"));
  }
  if (!run.stats.contains("bridge")) return figures;
  for (const Json& entry : run.stats["bridge"]) {
    const std::string cause = entry.at("cause");
    if (cause.rfind("stall.", 0) == 0) figures.emplace_back("cycles of " + cause, entry.at("cycles"));
  }
  return figures;
}

Json find(const Figures& figures, const std::string& name) {
  const auto found = std::find_if(figures.begin(), figures.end(), [&name](const auto& f) { return f.first == name; });
  return found == figures.end() ? Json(nullptr) : found->second;
}

/// "+3.2 %", "=", or nothing where there is nothing to compare with.
Json difference(const Json& first, const Json& value) {
  if (first.is_null() || value.is_null()) return nullptr;
  if (first == value) return "=";
  const auto base = first.get<double>();
  if (base == 0) return nullptr;
  const double delta = value.get<double>() - base;
  const std::string text = percentage(delta, base);
  return std::isdigit(static_cast<unsigned char>(text.front())) != 0 ? "+" + text : text;
}

bool is_zero(const Json& value) {
  return value.is_null() || value == 0;
}

}  // namespace

DataTable runs_table(const std::vector<RunFolder>& runs) {
  DataTable table;
  table.columns = {"figure"};
  std::vector<Figures> all;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    table.columns.push_back(runs[i].name);
    if (i > 0) table.columns.emplace_back("difference");
    all.push_back(figures_of(runs[i]));
    for (const auto& figure : all.back()) {
      if (std::find(names.begin(), names.end(), figure.first) == names.end()) names.push_back(figure.first);
    }
  }
  for (const std::string& name : names) {
    std::vector<Json> values;
    values.reserve(all.size());
    for (const Figures& figures : all) values.push_back(find(figures, name));
    if (std::all_of(values.begin(), values.end(), is_zero)) continue;
    std::vector<Json> row = {name, values.front()};
    for (std::size_t i = 1; i < values.size(); ++i) {
      row.push_back(values[i]);
      row.push_back(difference(values.front(), values[i]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace loopsim
