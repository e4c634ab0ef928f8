#include "report/CaseTable.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

#include "arch/FidelityName.hpp"
#include "base/CellText.hpp"
#include "base/NumberText.hpp"
#include "report/ComparisonTable.hpp"
#include "report/LayoutTable.hpp"
#include "report/ModelTable.hpp"
#include "report/StageBar.hpp"
#include "report/TrafficTable.hpp"
#include "runs/RungResult.hpp"

namespace loopsim {
namespace {

// What a table spells out at most; stats.json has everything.
constexpr std::size_t most_stages = 8;
constexpr std::size_t most_levels = 6;

constexpr std::size_t bar_width = 24;
constexpr std::size_t stage_width = 18;

std::string kind_of(const CaseResult& result) {
  if (!result.fidelity) return "estimate only";
  return result.only ? rung_name(*result.fidelity, true) : std::string("fidelity ") + fidelity_word(*result.fidelity);
}

std::string difference(std::int64_t estimate, std::int64_t simulation) {
  if (estimate == simulation) return "=";
  const std::int64_t delta = simulation - estimate;
  if (estimate == 0) return grouped_signed(delta);
  return fmt::format("{} ({})", grouped_signed(delta),
                     percentage(static_cast<double>(delta), std::abs(static_cast<double>(estimate))));
}

std::string energy_difference(double estimate, double simulation) {
  const double delta = simulation - estimate;
  // Sums of the same terms in another order differ in the last digits.
  if (std::abs(delta) <= 1e-9 * std::max(std::abs(simulation), std::abs(estimate))) return "=";
  if (estimate == 0) return "";
  return (delta > 0 ? "+" : "") + percentage(delta, std::abs(estimate));
}

std::int64_t total_steps(const Measures& measures) {
  std::int64_t steps = 0;
  for (const EinsumMeasures& einsum : measures.einsums) steps += einsum.steps;
  return steps;
}

/// How much of a memory its fullest instance used.
std::string fullness(const MemoryLevel& memory, std::int64_t words) {
  if (!memory.size_bits) return "unlimited";
  const std::int64_t size = *memory.size_bits / memory.datawidth_bits;
  return fmt::format("{} of {}", percentage(static_cast<double>(words), static_cast<double>(size)), grouped(size));
}

std::string cycles_time(const BoundTree& tree, std::int64_t cycles, std::int64_t beside = 0) {
  const auto frequency = static_cast<double>(tree.architecture.clock_hz);
  return time_text(static_cast<double>(cycles) / frequency, static_cast<double>(beside) / frequency);
}

std::string bound_remark(const LoopTreeEstimate& estimate) {
  return fmt::format("bound by {}", estimate.bound_by);
}

void add_estimate(TableLines& lines, const BoundTree& tree, const LoopTreeEstimate& estimate) {
  lines.blank();
  lines.row("", "estimate", "");
  lines.row("cycles", grouped(estimate.cycles), bound_remark(estimate));
  lines.row("time", cycles_time(tree, estimate.cycles), "");
  lines.row("cycles of computing", grouped(estimate.compute_cycles), "");
  const auto& memories = tree.architecture.memories;
  for (std::size_t i = 0; i < memories.size() && i < most_levels; ++i) {
    lines.row("cycles of " + memories[i].name, grouped(estimate.memory_cycles[LevelId(i)]), "");
  }
  lines.row("steps of all einsums", grouped(total_steps(estimate.measures)), "");
  lines.row("operations", grouped(estimate.macs), "");
  lines.row("energy", energy_text(estimate.energy_pj), "");
  for (std::size_t i = 1; i < memories.size() && i < most_levels; ++i) {
    const std::int64_t required = estimate.required_words[LevelId(i)];
    lines.row(memories[i].name + " space, words", grouped(required), fullness(memories[i], required));
  }
}

/// The cause that moves the energy most; the comparison below spells out all of them.
std::string main_energy_cause(const std::optional<Comparison>& comparison) {
  if (!comparison) return "";
  for (const ComparisonEntry& entry : comparison->entries) {
    if (entry.metric != "energy_pj" || entry.verdict != Verdict::explained || entry.causes.empty()) continue;
    const auto largest = std::max_element(entry.causes.begin(), entry.causes.end(), [](const Cause& a, const Cause& b) {
      return std::abs(a.amount) < std::abs(b.amount);
    });
    return ", mostly " + largest->name;
  }
  return "";
}

void add_both(TableLines& lines, const BoundTree& tree, const LoopTreeEstimate& estimate,
              const Measurement& measurement, const std::optional<Comparison>& comparison) {
  auto count = [&lines](std::string_view label, std::int64_t estimated, std::int64_t simulated) {
    lines.row(label, grouped(estimated), grouped(simulated), difference(estimated, simulated));
  };
  lines.blank();
  lines.row("", "estimate", "simulation", "difference");
  count("cycles", estimate.cycles, measurement.cycles);
  lines.row("time", cycles_time(tree, estimate.cycles, measurement.cycles),
            cycles_time(tree, measurement.cycles, estimate.cycles), "");
  lines.row("cycles of computing", grouped(estimate.compute_cycles), "", "estimate " + bound_remark(estimate));
  count("steps of all einsums", total_steps(estimate.measures), total_steps(measurement.measures));
  count("operations", estimate.macs, measurement.macs);
  lines.row("energy", energy_text(estimate.energy_pj, measurement.energy_pj),
            energy_text(measurement.energy_pj, estimate.energy_pj),
            energy_difference(estimate.energy_pj, measurement.energy_pj) + main_energy_cause(comparison));
  const auto& memories = tree.architecture.memories;
  for (std::size_t i = 1; i < memories.size() && i < most_levels; ++i) {
    const LevelId level(i);
    const std::int64_t peak = measurement.levels[level].peak_words;
    lines.row(memories[i].name + " space, words", grouped(estimate.required_words[level]), grouped(peak),
              "peak " + fullness(memories[i], peak));
  }
}

/// "D stall.dram 5.2 %" for every part, largest first, as many as fit.
std::string part_labels(std::vector<BarPart> parts, std::int64_t total, std::size_t width) {
  std::stable_sort(parts.begin(), parts.end(), [](const BarPart& a, const BarPart& b) { return a.cycles > b.cycles; });
  std::string text;
  std::int64_t left = total;
  for (const BarPart& part : parts) {
    const std::string label = fmt::format("{}{} {} {}", text.empty() ? "" : "  ", part.mark, part.name,
                                          percentage(static_cast<double>(part.cycles), static_cast<double>(total)));
    left -= part.cycles;
    const auto rest = [&](std::int64_t cycles) {
      return "  other " + percentage(static_cast<double>(cycles), static_cast<double>(total));
    };
    // There must be room for the rest behind this part, unless it is the last.
    const std::size_t needed = text_width(text) + text_width(label) + (left > 0 ? text_width(rest(left)) : 0);
    if (needed > width) return text + rest(left + part.cycles);
    text += label;
  }
  return text;
}

void add_stages(TableLines& lines, const Measurement& measurement, TableStyle style) {
  if (measurement.accounting.empty()) return;
  lines.heading("Where the cycles of each stage went");
  const std::size_t shown = std::min(measurement.accounting.size(), most_stages);
  for (std::size_t i = 0; i < shown; ++i) {
    const StageAccount& stage = measurement.accounting[i];
    const std::vector<BarPart> parts = bar_parts(stage, style.unicode);
    constexpr std::size_t used = 2 + stage_width + 1 + bar_width + 2;
    lines.add(fmt::format("  {} {}  {}", left_cell(stage.stage, stage_width),
                          left_cell(bar(parts, bar_width), bar_width),
                          part_labels(parts, stage.total(), table_width - used)));
  }
  lines.left_out(measurement.accounting.size() - shown, "stages");
}

void add_functional(TableLines& lines, const FunctionalResult& functional) {
  lines.heading(fmt::format("Computed values: {} checked, {} wrong", counted(functional.checked, "output word"),
                            grouped(functional.mismatches)));
  for (const std::string& message : functional.messages) lines.add("  " + message);
}

}  // namespace

void add_case_title(TableLines& lines, const BoundTree& tree, const Provenance& provenance, std::string_view kind) {
  std::string paths;
  for (const InputFile& input : provenance.inputs) paths += (paths.empty() ? "" : " ") + input.path;
  lines.add(paths);
  std::string levels;
  for (const MemoryLevel& memory : tree.architecture.memories) levels += memory.name + " > ";
  levels += tree.architecture.compute.name;
  lines.add(fmt::format("{}, {} at {:g} MHz, {}",
                        counted(static_cast<std::int64_t>(tree.graph.einsums.size()), "einsum"), levels,
                        static_cast<double>(tree.architecture.clock_hz) / 1e6, kind));
}

void add_warning_count(TableLines& lines, std::size_t warnings) {
  if (warnings == 0) return;
  lines.heading(
      fmt::format("{}: see standard error, or stats.json", counted(static_cast<std::int64_t>(warnings), "warning")));
}

std::string case_table(const BoundTree& tree, const CaseResult& result, const Provenance& provenance,
                       TableStyle style) {
  TableLines lines;
  add_case_title(lines, tree, provenance, kind_of(result));
  if (result.measurement) {
    const Measurement& measurement = *result.measurement;
    add_both(lines, tree, result.estimate, measurement, result.comparison);
    add_traffic(lines, tree, result.estimate.measures, &measurement.measures, style.all);
    add_models(lines, tree, result);
    add_stages(lines, measurement, style);
    add_layouts(lines, tree, result.estimate, measurement);
    if (result.comparison) {
      add_bridge(lines, *result.comparison, result.estimate.cycles, measurement);
      add_comparison(lines, tree, *result.comparison, style.all);
    }
    if (measurement.functional) add_functional(lines, *measurement.functional);
  } else {
    add_estimate(lines, tree, result.estimate);
    add_traffic(lines, tree, result.estimate.measures, nullptr, style.all);
    add_models(lines, tree, result);
  }
  add_warning_count(lines, all_warnings(result, provenance).size());
  return lines.take();
}

TableStyle terminal_style() {
  TableStyle style;
  // In the order in which the C library looks them up: the first that is set counts.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale = value;
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    const bool utf8 = locale.find("UTF-8") != std::string::npos || locale.find("UTF8") != std::string::npos;
    style.unicode = utf8 && isatty(STDOUT_FILENO) != 0;
    break;
  }
  return style;
}

}  // namespace loopsim
