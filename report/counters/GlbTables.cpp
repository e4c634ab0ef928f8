#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view output = "docs/output.md";
constexpr std::string_view glb_page = "docs/glb.md";

}  // namespace

// Tables read best as such.
// clang-format off

const CounterTable<GlbCounters>& bank_counters() {
  using Glb = GlbCounters;
  static const CounterTable<Glb> table = {{"simulation.glb.*"}, glb_page, {
      {"bank_conflict_cycles", "cycle",
       "cycles that steps waited for lines of their own in one bank: glb.bank_conflict of all stages; null without "
       "banks",
       [](const Glb& g) { return g.banks ? Value(g.banks->conflict_cycles) : Value(nullptr); }, {}},
      {"bank_arbitration_cycles", "cycle",
       "cycles that steps waited for a bank that others had: glb.arbitration of all stages; null without banks",
       [](const Glb& g) { return g.banks ? Value(g.banks->arbitration_cycles) : Value(nullptr); }, {}},
      {"line_accesses", "access", "accesses of banks to their lines; null without banks",
       [](const Glb& g) { return g.banks ? Value(g.banks->line_accesses) : Value(nullptr); }, {}},
      {"bank_busy_cycles", "cycle",
       "list: cycles in which each bank was busy, of the busier of its ports; null without banks",
       [](const Glb& g) { return g.banks ? Value(g.banks->busy_cycles) : Value(nullptr); }, {{}, {}, "bank"}},
  }};
  return table;
}

const CounterTable<GlbCounters>& glb_counters() {
  using Glb = GlbCounters;
  static const CounterTable<Glb> table = {{"simulation.glb.*"}, output, {
      {"read_busy_cycles", "cycle", "cycles in which a port of level 1 read; with banks, of the busiest bank",
       [](const Glb& g) -> Value { return g.read_busy_cycles; }, {"busy_cycles", "read", {}}},
      {"write_busy_cycles", "cycle", "cycles in which a port of level 1 wrote; with banks, of the busiest bank",
       [](const Glb& g) -> Value { return g.write_busy_cycles; }, {"busy_cycles", "write", {}}},
      {"port_wait_cycles", "cycle", "cycles that steps and transfers waited for buffers: stall.glb of all stages",
       [](const Glb& g) -> Value { return g.port_wait_cycles; }, {}},
  }};
  return table;
}

const CounterTable<LayoutCounters>& layout_counters() {
  using Layout = LayoutCounters;
  static const CounterTable<Layout> table = {{"simulation.glb.layout[].*"}, glb_page, {
      {"steps", "step", "steps of the einsum that take some of the tensor's lines",
       [](const Layout& l) -> Value { return l.steps; }, {"layout_steps", {}, {}}},
      {"words", "word", "different words that these steps take in one direction, of all instances of the level",
       [](const Layout& l) -> Value { return l.words; }, {"layout_words", {}, {}}},
      {"lines", "access", "lines that these steps take in one direction",
       [](const Layout& l) -> Value { return l.lines; }, {"layout_lines", {}, {}}},
      {"bank_cycles", "cycle", "cycles that the busiest bank needs for each of these steps, summed",
       [](const Layout& l) -> Value { return l.bank_cycles; }, {"layout_bank_cycles", {}, {}}},
      {"slowdown", "", "steps / bank_cycles: the share of their full pace that the layout alone leaves to steps",
       [](const Layout& l) -> Value { return static_cast<double>(l.steps) / static_cast<double>(l.bank_cycles); },
       {"layout_slowdown", {}, {}}},
  }};
  return table;
}

const CounterTable<LayoutSlowdown>& layout_estimate_counters() {
  using Layout = LayoutSlowdown;
  static const CounterTable<Layout> table = {{"estimate.layout[].*"}, glb_page, {
      {"lines_per_step", "access", "lines of the tensor that a step of the einsum takes from banks, by a formula",
       [](const Layout& l) -> Value { return l.lines_per_step; }, {"layout_lines_per_step", {}, {}}},
      {"slowdown", "", "the share of its full pace that these lines leave to a step; no part of cycles",
       [](const Layout& l) -> Value { return l.slowdown; }, {"layout_slowdown", {}, {}}},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
