#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view output = "docs/output.md";
constexpr std::string_view attribution = "docs/attribution.md";

}  // namespace

RunTotals totals_of(const Estimate& estimate) {
  return {estimate.cycles, estimate.compute_cycles, estimate.macs, estimate.energy_pj};
}

RunTotals totals_of(const LoopTreeEstimate& estimate) {
  return {estimate.cycles, estimate.compute_cycles, estimate.macs, estimate.energy_pj};
}

RunTotals totals_of(const Measurement& measurement) {
  return {measurement.cycles, std::nullopt, measurement.macs, measurement.energy_pj};
}

// Tables read best as such.
// clang-format off

const CounterTable<RunTotals>& cycle_counters() {
  static const CounterTable<RunTotals> table = {{"SIDE.*", "estimates.MODEL.*"}, output, {
      {"cycles", "cycle", "cycles of the whole run, at the core clock",
       [](const RunTotals& t) -> Value { return or_null(t.cycles); }, {}},
  }};
  return table;
}

const CounterTable<RunTotals>& compute_counters() {
  static const CounterTable<RunTotals> table = {{"estimate.*", "estimates.MODEL.*"}, "docs/model.md", {
      {"compute_cycles", "cycle", "latency of the steps, as if memories were infinitely fast",
       [](const RunTotals& t) -> Value { return or_null(t.compute_cycles); }, {}},
  }};
  return table;
}

const CounterTable<LoopTreeEstimate>& pipeline_counters() {
  static const CounterTable<LoopTreeEstimate> table = {{"estimate.*"}, "docs/model.md", {
      {"sequential_steps", "step", "latency of the steps as if nothing overlapped",
       [](const LoopTreeEstimate& e) -> Value { return e.sequential_steps; }, {}},
      {"hidden_steps", "step", "of these steps, those hidden by pipelines; null without one",
       [](const LoopTreeEstimate& e) -> Value { return or_null(e.hidden_steps); }, {}},
      {"unlimited_steps", "step", "latency if pipeline stages could run ahead without limit",
       [](const LoopTreeEstimate& e) -> Value { return or_null(e.unlimited_steps); }, {}},
  }};
  return table;
}

const CounterTable<RunTotals>& work_counters() {
  static const CounterTable<RunTotals> table = {{"SIDE.*", "estimates.MODEL.*"}, output, {
      {"macs", "op", "operations of all einsums, whatever they are; recomputed ones included",
       [](const RunTotals& t) -> Value { return or_null(t.macs); }, {}},
      {"energy_pj", "pJ", "energy of the whole run",
       [](const RunTotals& t) -> Value { return or_null(t.energy_pj); }, {"total_energy", {}, {}}},
  }};
  return table;
}

const CounterTable<BridgeEntry>& bridge_counters() {
  static const CounterTable<BridgeEntry> table = {{"bridge[].*"}, attribution, {
      {"cycles", "cycle",
       "cycles of an entry of the bridge, by its cause; they sum to simulation.cycles - estimate.cycles",
       [](const BridgeEntry& e) -> Value { return e.cycles; }, {"bridge_cycles", {}, {}}},
  }};
  return table;
}

const CounterTable<LadderRung>& rung_counters() {
  static const CounterTable<LadderRung> table = {{"ladder[].*"}, attribution, {
      {"cycles", "cycle", "cycles of the simulation on this rung",
       [](const LadderRung& r) -> Value { return r.cycles; }, {"ladder_cycles", {}, {}}},
      {"added", "cycle", "cycles of this rung - those of the rung below; of the lowest, - estimate.cycles",
       [](const LadderRung& r) -> Value { return r.added; }, {"ladder_added", {}, {}}},
  }};
  return table;
}

const CounterTable<BridgeEntry>& rung_cause_counters() {
  static const CounterTable<BridgeEntry> table = {{"ladder[].*.CAUSE"}, attribution, {
      {"causes", "cycle",
       "by how much an entry of the bridge changed from the rung below; without those that did not, they sum to added",
       [](const BridgeEntry& e) -> Value { return e.cycles; }, {"ladder_cause", {}, {}}},
  }};
  return table;
}

const CounterTable<LadderRung>& alone_counters() {
  static const CounterTable<LadderRung> table = {{"ladder[].*"}, attribution, {
      {"alone", "cycle", "what the rung's effect costs by itself, on top of ideal; null for ideal, which adds none",
       [](const LadderRung& r) -> Value { return or_null(r.alone); }, {"ladder_alone", {}, {}}},
  }};
  return table;
}

const CounterTable<FunctionalResult>& functional_counters() {
  static const CounterTable<FunctionalResult> table = {{"simulation.functional.*"}, output, {
      {"checked", "word", "words of outputs that were compared with an evaluation without tiles",
       [](const FunctionalResult& f) -> Value { return f.checked; }, {"functional_checked", {}, {}}},
      {"mismatches", "word", "of the words checked, those that are wrong",
       [](const FunctionalResult& f) -> Value { return f.mismatches; }, {"functional_mismatches", {}, {}}},
  }};
  return table;
}

const CounterTable<NocCounters::MoreNetworks>& network_advice_counters() {
  using More = NocCounters::MoreNetworks;
  static const CounterTable<More> table = {{"advice.*"}, "docs/noc.md", {
      {"networks", "network", "how many networks an einsum's operands could have for themselves",
       [](const More& m) -> Value { return m.networks; }, not_in_csv},
      {"networks_save", "cycle", "cycles that steps would wait less with them, at most",
       [](const More& m) -> Value { return m.saved_cycles; }, not_in_csv},
  }};
  return table;
}

const CounterTable<LayoutAdvice>& layout_advice_counters() {
  static const CounterTable<LayoutAdvice> table = {{"advice.*"}, "docs/glb.md", {
      {"layouts_save", "cycle", "cycles of bank conflicts that all advised layouts save at most",
       [](const LayoutAdvice& a) -> Value { return a.saved_cycles; }, not_in_csv},
  }};
  return table;
}

const CounterTable<AdvisedLayout>& advised_layout_counters() {
  static const CounterTable<AdvisedLayout> table = {{"advice.layouts[].*"}, "docs/glb.md", {
      {"cycles", "cycle", "cycles that steps wait more without this layout, the others being followed",
       [](const AdvisedLayout& l) -> Value { return l.cycles; }, not_in_csv},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
