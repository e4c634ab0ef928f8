#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view output = "docs/output.md";

}  // namespace

// Tables read best as such.
// clang-format off

const CounterTable<EinsumMeasures>& einsum_counters() {
  static const CounterTable<EinsumMeasures> table = {{"SIDE.einsums.NAME.*"}, output, {
      {"ops", "op", "operations executed, recomputed ones included",
       [](const EinsumMeasures& e) -> Value { return e.ops; }, {}},
      {"space_ops", "op", "size of the operation space",
       [](const EinsumMeasures& e) -> Value { return e.space_ops; }, {}},
      {"distinct_ops", "op", "operations executed, each counted once",
       [](const EinsumMeasures& e) -> Value { return e.distinct_ops; }, {}},
      {"recomputed_ops", "op", "ops - distinct_ops",
       [](const EinsumMeasures& e) -> Value { return e.ops - e.distinct_ops; }, {}},
      {"steps", "step", "steps of the array: temporal iterations with work",
       [](const EinsumMeasures& e) -> Value { return e.steps; }, {}},
      {"ops_per_tile", "op", "list: operations in each iteration of the loops above the outermost branch, row-major",
       [](const EinsumMeasures& e) -> Value { return e.ops_per_tile; }, not_in_csv},
      {"steps_per_tile", "step", "list: steps in each iteration of the temporal ones of these loops",
       [](const EinsumMeasures& e) -> Value { return e.steps_per_tile; }, not_in_csv},
  }};
  return table;
}

const CounterTable<std::int64_t>& wrap_counters() {
  static const CounterTable<std::int64_t> table = {{"simulation.einsums.NAME.*"}, "docs/comparison.md", {
      {"wrap_recomputed_ops", "op",
       "operations for words of an intermediate that a buffer still held, as an inner loop started over",
       [](const std::int64_t& ops) -> Value { return ops; }, {}},
  }};
  return table;
}

const CounterTable<TensorSize>& tensor_counters() {
  static const CounterTable<TensorSize> table = {{"SIDE.tensors.NAME.*"}, output, {
      {"words", "word", "words of the tensor that exist",
       [](const TensorSize& t) -> Value { return t.words; }, not_in_csv},
      {"bits", "bit", "bits of one word in the outermost memory",
       [](const TensorSize& t) -> Value { return t.bits; }, not_in_csv},
  }};
  return table;
}

const CounterTable<EnergyMeasure>& energy_counters() {
  static const CounterTable<EnergyMeasure> table = {{"SIDE.energy[].*"}, output, {
      {"count", "action", "number of actions: accesses, operations, commands, hops of flits, or cycles of leakage",
       [](const EnergyMeasure& e) -> Value { return e.count; }, {"actions", {}, {}}},
      {"pj", "pJ", "energy of these actions; the entries sum to energy_pj",
       [](const EnergyMeasure& e) -> Value { return e.pj; }, {"energy", {}, {}}},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
