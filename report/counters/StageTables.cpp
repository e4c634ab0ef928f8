#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view attribution = "docs/attribution.md";

template <StallCause cause>
Value stall(const StageAccount& stage) {
  return stage.stall[static_cast<std::size_t>(cause)];
}

}  // namespace

// Tables read best as such.
// clang-format off

const CounterTable<StageAccount>& stage_counters() {
  static const CounterTable<StageAccount> table = {{"simulation.accounting[].*"}, attribution, {
      {"compute", "cycle", "the stage executes steps at the array's own pace",
       [](const StageAccount& s) -> Value { return s.compute; }, {"stage_cycles", "compute", {}}},
      {"ramp", "cycle", "the stage has not begun its first step, whatever it waits for",
       [](const StageAccount& s) -> Value { return s.ramp; }, {"stage_cycles", "ramp", {}}},
      {"drain", "cycle", "the stage has finished its last step; the run goes on",
       [](const StageAccount& s) -> Value { return s.drain; }, {"stage_cycles", "drain", {}}},
      {"idle", "cycle", "another stage of a sequential node has its turn",
       [](const StageAccount& s) -> Value { return s.idle; }, {"stage_cycles", "idle", {}}},
  }, "state of a stage"};
  return table;
}

const CounterTable<StageAccount>& stall_counters() {
  static const CounterTable<StageAccount> table = {{"simulation.accounting[].stall.*"}, attribution, {
      {"dram", "cycle", "for main memory: words on their way from it, or its ports",
       stall<StallCause::dram>, {"stage_cycles", "stall.dram", {}}},
      {"glb", "cycle", "for a port or bank of another memory, or for a transfer on the chip",
       stall<StallCause::glb>, {"stage_cycles", "stall.glb", {}}},
      {"noc", "cycle", "for the link or network between the memories and the array",
       stall<StallCause::noc>, {"stage_cycles", "stall.noc", {}}},
      {"space", "cycle", "for space in a buffer, or for a free slot of the consumer",
       stall<StallCause::space>, {"stage_cycles", "stall.space", {}}},
      {"writeback", "cycle", "for space that a write-back will free",
       stall<StallCause::writeback>, {"stage_cycles", "stall.writeback", {}}},
      {"dependency", "cycle", "for results: of another stage, of its own, or still being written back",
       stall<StallCause::dependency>, {"stage_cycles", "stall.dependency", {}}},
  }, "wait of a stage, or entry of the bridge", "stall."};
  return table;
}

const CounterTable<CauseCycles>& stage_detail_counters() {
  static const CounterTable<CauseCycles> table = {{"simulation.accounting[].*.CAUSE"}, attribution, {
      {"detail", "cycle", "cycles of a finer cause of a wait; those of dram, glb and noc sum to them",
       [](const CauseCycles& c) -> Value { return c.second; }, {"stage_detail_cycles", {}, {}}},
  }};
  return table;
}

const CounterTable<StageAccount>& stage_total_counters() {
  static const CounterTable<StageAccount> table = {{"simulation.accounting[].*"}, attribution, {
      {"total", "cycle", "sum of the stage's states and waits, which is simulation.cycles",
       [](const StageAccount& s) -> Value { return s.total(); }, not_in_csv},
  }};
  return table;
}

const CounterTable<PortNeed>& port_counters() {
  using Port = PortNeed;
  static const CounterTable<Port> table = {{"simulation.accounting[].ports[].*"}, attribution, {
      {"cycles", "cycle", "cycles that steps waited for these words, as in detail",
       [](const Port& p) -> Value { return p.cycles; }, not_in_csv},
      {"rounding", "cycle", "cycles that steps then waited for the next edge of the clock, as in detail",
       [](const Port& p) -> Value { return p.rounding; }, not_in_csv},
      {"step_words", "word", "the most words that a step takes, of all tensors",
       [](const Port& p) -> Value { return p.step_words; }, not_in_csv},
      {"port_words", "word", "words that the port has a cycle",
       [](const Port& p) -> Value { return p.port_words; }, not_in_csv},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
