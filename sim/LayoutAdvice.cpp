#include "sim/LayoutAdvice.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "models/layout/LineMap.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t tolerated_part = 20;

/// Cycles of the steps that take lines of a tensor, beyond the pace that their operations have anyway.
struct LayoutCost {
  std::int64_t layout = 0;  ///< that full lines in different banks would not take
  std::int64_t words = 0;   ///< that even those take
};

LayoutCost cost_of(const BoundTree& tree, const LayoutCounters& counters, std::int64_t banks) {
  const std::int64_t pace = counters.steps * tree.graph.einsums[counters.einsum].steps_per_operation;
  const std::int64_t words_a_cycle = std::max<std::int64_t>(1, line_words(tree, counters.tensor)) * banks;
  const std::int64_t least = std::max(pace, (counters.words + words_a_cycle - 1) / words_a_cycle);
  return {std::max<std::int64_t>(0, counters.bank_cycles - least), least - pace};
}

}  // namespace

std::optional<std::string> layout_advice(const BoundTree& tree, const Measurement& measurement) {
  if (!measurement.glb.banks) return std::nullopt;
  const BankCounters& banks = *measurement.glb.banks;
  std::int64_t avoidable = banks.conflict_cycles;
  IdVector<TensorId, std::int64_t> costs(tree.tensors.size());
  std::int64_t all_costs = 0;
  for (const LayoutCounters& counters : banks.layout) {
    const LayoutCost cost = cost_of(tree, counters, static_cast<std::int64_t>(banks.busy_cycles.size()));
    avoidable -= cost.words;
    costs[counters.tensor] += cost.layout;
    all_costs += cost.layout;
  }
  if (avoidable <= measurement.cycles / tolerated_part) return std::nullopt;
  const std::size_t stages = measurement.accounting.size();
  // Stages wait side by side, so that their sum may be more than the run has.
  const std::string waits = stages == 1
                                ? fmt::format("steps wait {} of {} cycles", banks.conflict_cycles, measurement.cycles)
                                : fmt::format("steps of {} stages wait {} cycles in all, the run has {},", stages,
                                              banks.conflict_cycles, measurement.cycles);
  std::string text = fmt::format("{} for lines of their own that share a bank of '{}'", waits,
                                 tree.architecture.memories[banked_level.value].name);
  if (all_costs > 0) {
    TensorId worst(0);
    for (std::size_t t = 1; t < costs.size(); ++t) {
      if (costs[TensorId(t)] > costs[worst]) worst = TensorId(t);
    }
    const std::string& name = tree.graph.tensors[worst].name;
    text += fmt::format("; the layout of '{}' costs most, alone {} (simulation.tensors.{}.layout)", name, costs[worst],
                        name);
  }
  if (2 * all_costs < avoidable) {
    text += "; lines of different tensors meet in a bank (simulation.tensors.NAME.layout and first_bank)";
  }
  return text;
}

}  // namespace loopsim
