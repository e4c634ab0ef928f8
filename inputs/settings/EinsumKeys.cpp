#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "inputs/settings/KeyRows.hpp"
#include "workloads/OperationName.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

constexpr std::array operations = {Operation::mac, Operation::add, Operation::sub,  Operation::mul, Operation::max,
                                   Operation::exp, Operation::div, Operation::relu, Operation::copy};

/// Nothing where any number will do.
std::optional<std::size_t> operands_of(Operation operation) {
  switch (operation) {
    case Operation::exp:
    case Operation::relu:
    case Operation::copy:
      return 1;
    case Operation::sub:
    case Operation::div:
      return 2;
    default:
      return std::nullopt;
  }
}

void apply_operation(Target& to, const Setting& value) {
  Einsum& einsum = *to.einsum;
  einsum.operation = *std::find_if(operations.begin(), operations.end(),
                                   [&](Operation operation) { return value.word() == operation_name(operation); });
  const auto wanted = operands_of(einsum.operation);
  if (wanted && einsum.inputs.size() != *wanted) {
    to.diagnostics.error(value.where,
                         fmt::format("operation '{}' takes {} operand{}; einsum '{}' reads {} tensors", value.word(),
                                     *wanted, *wanted == 1 ? "" : "s", einsum.name, einsum.inputs.size()));
  }
  const auto reduced = reduction_ranks(einsum);
  if (einsum.operation == Operation::mac || einsum.operation == Operation::max || reduced.empty()) return;
  to.diagnostics.error(value.where,
                       fmt::format("operation '{}' writes each word once, but einsum '{}' reduces over '{}'; "
                                   "only mac and max reduce",
                                   value.word(), einsum.name, to.graph->ranks[einsum.ranks[reduced.front()]].name));
}

}  // namespace

std::vector<SimulationKey> einsum_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"einsums.NAME.operation", Type::word, "", "mac",
       "what one operation does with its operands", 0, no_limit, {"mac", "add", "sub", "mul", "max", "exp", "div", "relu", "copy"},
       apply_operation,
       [](const Source& from) -> Written { return operation_name(from.einsum->operation); }},
      {"einsums.NAME.steps", Type::integer, "steps", "1",
       "steps of the PE array that one operation takes", 1, most_cycles, {},
       [](Target& to, const Setting& value) { to.einsum->steps_per_operation = value.integer(); },
       [](const Source& from) -> Written { return whole(from.einsum->steps_per_operation); }},
      {"einsums.NAME.energy", Type::number, "pJ", "from the ERT or the default table",
       "energy of one operation", 0, most_picojoules, {},
       [](Target& to, const Setting& value) { to.einsum->energy_pj = value.number(); },
       [](const Source& from) -> Written { return from.einsum->energy_pj ? Written(decimal(*from.einsum->energy_pj)) : std::nullopt; }},
  };
  // clang-format on
}

}  // namespace loopsim
