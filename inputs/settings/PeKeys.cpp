#include "inputs/settings/KeyRows.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

void apply_mesh(Target& to, const Setting& value) {
  to.machine->mesh.columns = value.list()[0];
  to.machine->mesh.rows = value.list()[1];
}

Written written_partition(const Source& from) {
  std::map<std::string, std::string> columns;
  for (const auto& [stage, number] : from.machine->mesh.partition) columns[stage] = whole(number);
  return columns.empty() ? std::nullopt : Written(columns);
}

}  // namespace

std::vector<SimulationKey> pe_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"pe.mesh", Type::integer_or_infinity_pair, "PEs", "the containers' spatial meshX and meshY, else [inf, inf]",
       "columns and rows of the PE array: extents of mesh axes 0 and 1", 1, most_pes, {},
       apply_mesh,
       [](const Source& from) -> Written { return std::vector{limit(from.machine->mesh.columns), limit(from.machine->mesh.rows)}; }},
      {"pe.partition.STAGE", Type::integer, "columns", "left to right in tree order",
       "columns of a pipeline stage; a stage is named by its einsums, joined by '+'", 1, most_pes, {},
       [](Target& to, const Setting& value) { to.machine->mesh.partition[value.name] = value.integer(); },
       written_partition},
      {"pe.operation_overhead", Type::integer, "cycles", "0",
       "each tile operation occupies its partition this much longer than its steps", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.machine->mesh.operation_overhead_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->mesh.operation_overhead_cycles); }},
      {"pe.operation_latency", Type::integer, "cycles", "0",
       "from the last step of a tile operation to its result; the next one may already run", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.machine->mesh.operation_latency_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->mesh.operation_latency_cycles); }},
      {"pe.adder_latency", Type::integer, "cycles", "1",
       "of each level of the adder tree in which sums of several PEs meet, unless a mesh adds them; overlaps the next operation", 0, most_cycles, {},
       [](Target& to, const Setting& value) { to.machine->mesh.adder_latency_cycles = value.integer(); },
       [](const Source& from) -> Written { return whole(from.machine->mesh.adder_latency_cycles); }},
      {"pe.hold_results", Type::boolean, "", "false",
       "a finished tile operation keeps its partition until the results before it are written back, and is in flight until its own are", 0, no_limit, {},
       [](Target& to, const Setting& value) { to.machine->mesh.hold_results = value.boolean(); },
       [](const Source& from) -> Written { return yes_or_no(from.machine->mesh.hold_results); }},
  };
  // clang-format on
}

}  // namespace loopsim
