#include "report/ModelTable.hpp"

#include <cmath>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"

namespace loopsim {
namespace {

constexpr std::size_t name_width = 18;
constexpr std::size_t number_width = 14;
constexpr std::size_t words_width = 24;

void add_cells(TableLines& lines, std::string_view name, std::initializer_list<std::string> numbers,
               const std::string& words) {
  std::string line = "  " + left_cell(name, name_width);
  for (const std::string& number : numbers) line += right_cell(number, number_width);
  lines.add(line + right_cell(words, words_width));
}

std::string count_text(const std::optional<std::int64_t>& count) {
  return count ? grouped(*count) : "-";
}

/// Of the simulation to the model, as everywhere.
std::string difference_text(const std::optional<std::int64_t>& estimate,
                            const std::optional<std::int64_t>& simulation) {
  if (!estimate || !simulation) return "";
  if (*estimate == *simulation) return "=";
  const double delta = static_cast<double>(*simulation) - static_cast<double>(*estimate);
  return (delta > 0 ? "+" : "") + percentage(delta, std::abs(static_cast<double>(*estimate)));
}

/// Words that cross the outermost memory's ports.
std::optional<std::int64_t> outermost_words(const Estimate& estimate) {
  const LevelEstimate& level = estimate.levels[LevelId(0)];
  if (!level.reads || !level.writes) return std::nullopt;
  return *level.reads + *level.writes;
}

}  // namespace

void add_models(TableLines& lines, const BoundTree& tree, const CaseResult& result) {
  if (result.models.empty()) return;
  lines.heading(result.measurement ? "Models beside the simulation" : "Models");
  add_cells(lines, "", {"cycles", result.measurement ? "difference" : "", "computing", "energy"},
            "words of " + clipped(level_name(tree.architecture, LevelId(0)), words_width - 10));
  std::optional<std::int64_t> simulated;
  if (result.measurement) simulated = result.measurement->cycles;
  for (const ModelResult& model : result.models) {
    const Estimate& estimate = model.estimate;
    add_cells(lines, estimate.model,
              {count_text(estimate.cycles), difference_text(estimate.cycles, simulated),
               count_text(estimate.compute_cycles), estimate.energy_pj ? energy_text(*estimate.energy_pj) : "-"},
              count_text(outermost_words(estimate)));
  }
  if (result.measurement) {
    const LevelMeasures& words = result.measurement->measures.levels[LevelId(0)];
    add_cells(lines, "simulation", {grouped(*simulated), "", "", energy_text(result.measurement->energy_pj)},
              grouped(words.reads + words.writes));
  }
  for (const ModelResult& model : result.models) {
    lines.add(fmt::format("  {} assumes:", model.estimate.model));
    for (const std::string& assumption : model.estimate.assumptions) lines.add("    " + assumption);
  }
}

}  // namespace loopsim
