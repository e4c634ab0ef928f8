#include "sim/checks/LayoutAdvice.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "mapping/LayoutText.hpp"
#include "mapping/LineMap.hpp"
#include "sim/checks/LayoutChoice.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t tolerated_part = 20;
constexpr std::size_t most_named = 3;

/// Cycles that even full lines in different banks take, beyond the pace that the steps' operations have anyway.
std::int64_t least_cost(const BoundTree& tree, const LayoutCounters& counters, std::int64_t banks) {
  const std::int64_t pace = counters.steps * tree.graph.einsums[counters.einsum].steps_per_operation;
  const std::int64_t words_a_cycle = std::max<std::int64_t>(1, line_words(tree, counters.tensor)) * banks;
  return std::max<std::int64_t>(0, (counters.words + words_a_cycle - 1) / words_a_cycle - pace);
}

/// Cycles that the run needs in any layout: for its steps, and for the words from and to main memory.
std::int64_t least_cycles(const Measurement& measurement) {
  std::int64_t least = measurement.dram.busy_cycles;
  for (const StageAccount& stage : measurement.accounting) least = std::max(least, stage.compute);
  return least;
}

/// Cycles of bank conflicts that other layouts may avoid.
std::int64_t avoidable(const BoundTree& tree, const BankCounters& banks) {
  std::int64_t cycles = banks.conflict_cycles;
  for (const LayoutCounters& counters : banks.layout) {
    cycles -= least_cost(tree, counters, static_cast<std::int64_t>(banks.busy_cycles.size()));
  }
  return cycles;
}

}  // namespace

std::optional<LayoutAdvice> layout_advice(const BoundTree& tree, const Measurement& measurement) {
  if (!measurement.glb.banks) return std::nullopt;
  const BankCounters& banks = *measurement.glb.banks;
  if (avoidable(tree, banks) <= measurement.cycles / tolerated_part) return std::nullopt;
  const LayoutChoice choice = choose_layouts(tree, make_schedule(tree));
  if (choice.present <= 0) return std::nullopt;
  // The sample tells which part of the conflicts goes; how many there are has been measured.
  const double measured = static_cast<double>(banks.conflict_cycles) / choice.present;
  const auto cycles_of = [&](double sampled) { return static_cast<std::int64_t>(std::llround(sampled * measured)); };
  LayoutAdvice advice{cycles_of(choice.present - choice.proposed), {}};
  advice.saved_cycles = std::min(advice.saved_cycles, measurement.cycles - least_cycles(measurement));
  if (advice.saved_cycles <= measurement.cycles / tolerated_part) return std::nullopt;
  for (const LayoutProposal& proposal : choice.proposals) {
    const std::int64_t cycles = cycles_of(proposal.cost);
    if (cycles == 0) continue;
    advice.layouts.push_back(
        {proposal.tensor, layout_text(proposal.layout, tree.graph.tensors[proposal.tensor].dimensions), cycles});
  }
  return advice;
}

std::string text_of(const LayoutAdvice& advice, const BoundTree& tree, const Measurement& measurement) {
  const BankCounters& banks = *measurement.glb.banks;
  const std::size_t stages = measurement.accounting.size();
  // Stages wait side by side, so that their sum may be more than the run has.
  std::string text = stages == 1 ? fmt::format("steps wait {} of {} cycles", banks.conflict_cycles, measurement.cycles)
                                 : fmt::format("steps of {} stages wait {} cycles in all, the run has {},", stages,
                                               banks.conflict_cycles, measurement.cycles);
  text +=
      fmt::format(" for lines of their own that share a bank of '{}'; other layouts would save up to about {} of them:",
                  tree.architecture.memories[banked_level.value].name, advice.saved_cycles);
  const std::vector<AdvisedLayout>& layouts = advice.layouts;
  const std::size_t named = std::min(layouts.size(), most_named);
  for (std::size_t i = 0; i < named; ++i) {
    text += fmt::format("{} simulation.tensors.{}.layout=\"{}\" ({} more without it)", i == 0 ? "" : ",",
                        tree.graph.tensors[layouts[i].tensor].name, layouts[i].layout, layouts[i].cycles);
  }
  if (layouts.size() > named) {
    text += fmt::format(" and {} more (stats.json: advice.layouts, -o DIR or --json)", layouts.size() - named);
  }
  return text;
}

}  // namespace loopsim
