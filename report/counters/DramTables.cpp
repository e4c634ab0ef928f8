#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view output = "docs/output.md";
constexpr std::string_view dram_page = "docs/dram.md";

/// Null on the rungs below `dram`.
Value jedec_count(const DramCounters& dram, std::int64_t JedecCounters::*count) {
  return dram.jedec ? Value(*dram.jedec.*count) : Value(nullptr);
}

/// Null on `ideal`.
Value series(const DramCounters& dram, std::int64_t DramActivity::*count) {
  if (dram.series.intervals().empty()) return nullptr;
  Value values = Value::array();
  for (const DramActivity& activity : dram.series.intervals()) values.push_back(activity.*count);
  return values;
}

/// Null on the rungs below `dram`, too.
Value row_series(const DramCounters& dram, std::int64_t DramActivity::*count) {
  return dram.jedec ? series(dram, count) : Value(nullptr);
}

}  // namespace

// Tables read best as such.
// clang-format off

const CounterTable<DramCounters>& dram_row_counters() {
  using Dram = DramCounters;
  static const CounterTable<Dram> table = {{"simulation.dram.*"}, dram_page, {
      {"row_hits", "burst", "bursts to the row that was open; null below the rung dram",
       [](const Dram& d) { return jedec_count(d, &JedecCounters::row_hits); }, {}},
      {"row_misses", "burst", "bursts for which a row was opened where none was open; null below the rung dram",
       [](const Dram& d) { return jedec_count(d, &JedecCounters::row_misses); }, {}},
      {"row_conflicts", "burst", "bursts for which another row had to be closed first; null below the rung dram",
       [](const Dram& d) { return jedec_count(d, &JedecCounters::row_conflicts); }, {}},
      {"refreshes", "command", "refresh commands, of ranks or banks; null below the rung dram",
       [](const Dram& d) { return jedec_count(d, &JedecCounters::refreshes); }, {}},
  }};
  return table;
}

const CounterTable<DramCounters>& dram_counters() {
  using Dram = DramCounters;
  static const CounterTable<Dram> table = {{"simulation.dram.*"}, output, {
      {"bytes", "byte", "read_bytes + write_bytes",
       [](const Dram& d) -> Value { return d.read_bytes + d.write_bytes; }, not_in_csv},
      {"read_bytes", "byte", "bytes that left main memory",
       [](const Dram& d) -> Value { return d.read_bytes; }, {"bytes", "read", {}}},
      {"write_bytes", "byte", "bytes that entered main memory",
       [](const Dram& d) -> Value { return d.write_bytes; }, {"bytes", "write", {}}},
      {"read_bursts", "burst", "bursts of bytes that left main memory; 0 on the rung ideal",
       [](const Dram& d) -> Value { return d.read_bursts; }, {"bursts", "read", {}}},
      {"write_bursts", "burst", "bursts of bytes that entered main memory; 0 on the rung ideal",
       [](const Dram& d) -> Value { return d.write_bursts; }, {"bursts", "write", {}}},
      {"busy_cycles", "cycle",
       "cycles in which main memory's data bus moved something, of a channel on average; 0 on the rung ideal",
       [](const Dram& d) -> Value { return d.busy_cycles; }, {}},
  }};
  return table;
}

const CounterTable<JedecCounters>& jedec_counters() {
  using Jedec = JedecCounters;
  static const CounterTable<Jedec> table = {{"simulation.dram.*"}, dram_page, {
      {"forwarded_reads", "burst", "bursts served from a write that still waited; no data on the bus",
       [](const Jedec& j) -> Value { return j.forwarded_reads; }, {}},
      {"refresh_blocked_cycles", "cycle",
       "cycles in which a rank waited for a refresh or was in it, of a channel on average",
       [](const Jedec& j) -> Value { return j.refresh_blocked_cycles; }, {}},
      {"turnaround_cycles", "cycle",
       "cycles in which the data bus stood still to change its direction or rank, of a channel on average",
       [](const Jedec& j) -> Value { return j.turnaround_cycles; }, {}},
  }};
  return table;
}

const CounterTable<CommandCount>& command_counters() {
  static const CounterTable<CommandCount> table = {{"simulation.dram.*.COMMAND"}, dram_page, {
      {"commands", "command", "how many commands of a name were sent",
       [](const CommandCount& c) -> Value { return c.second; }, {}},
  }};
  return table;
}

const CounterTable<DramCounters>& dram_series_counters() {
  using Dram = DramCounters;
  static const CounterTable<Dram> table = {{"simulation.dram.over_time.*"}, output, {
      {"interval_cycles", "cycle", "length of an interval, a power of two from 64 on",
       [](const Dram& d) -> Value { return d.series.interval().value; }, not_in_csv},
      {"read_bytes", "byte", "list: bytes that left main memory in each interval",
       [](const Dram& d) { return series(d, &DramActivity::read_bytes); }, not_in_csv},
      {"write_bytes", "byte", "list: bytes that entered main memory in each interval",
       [](const Dram& d) { return series(d, &DramActivity::write_bytes); }, not_in_csv},
      {"row_hits", "burst", "list: row hits in each interval; null below the rung dram",
       [](const Dram& d) { return row_series(d, &DramActivity::row_hits); }, not_in_csv},
      {"row_misses", "burst", "list: row misses in each interval; null below the rung dram",
       [](const Dram& d) { return row_series(d, &DramActivity::row_misses); }, not_in_csv},
      {"row_conflicts", "burst", "list: row conflicts in each interval; null below the rung dram",
       [](const Dram& d) { return row_series(d, &DramActivity::row_conflicts); }, not_in_csv},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
