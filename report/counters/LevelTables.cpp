#include "report/counters/CounterTables.hpp"

namespace loopsim {
namespace {

using Value = CounterValue;

constexpr std::string_view output = "docs/output.md";

}  // namespace

LevelEstimate level_traffic(const LevelMeasures& measures) {
  LevelEstimate level;
  level.reads = measures.reads;
  level.writes = measures.writes;
  return level;
}

LevelEstimate level_needs(const LoopTreeEstimate& estimate, LevelId level) {
  LevelEstimate needs;
  needs.cycles = estimate.memory_cycles[level];
  needs.required_words = estimate.required_words[level];
  return needs;
}

// Tables read best as such.
// clang-format off

const CounterTable<MemoryLevel>& level_size_counters() {
  static const CounterTable<MemoryLevel> table = {{"SIDE.levels.NAME.*"}, output, {
      {"size_words", "word", "capacity of one instance of a memory; null = unlimited",
       [](const MemoryLevel& m) -> Value {
         return m.size_bits ? Value(*m.size_bits / m.datawidth_bits) : Value(nullptr);
       }, not_in_csv},
  }};
  return table;
}

const CounterTable<LevelEstimate>& level_traffic_counters() {
  static const CounterTable<LevelEstimate> table = {{"SIDE.levels.NAME.*", "estimates.MODEL.levels.NAME.*"}, output, {
      {"reads", "word", "words read from a memory, the sum of accesses",
       [](const LevelEstimate& l) -> Value { return or_null(l.reads); }, {"level_reads", "read", {}}},
      {"writes", "word", "words written into a memory, the sum of accesses",
       [](const LevelEstimate& l) -> Value { return or_null(l.writes); }, {"level_writes", "write", {}}},
  }};
  return table;
}

const CounterTable<LevelEstimate>& level_fill_counters() {
  static const CounterTable<LevelEstimate> table = {{"estimates.MODEL.levels.NAME.*"}, output, {
      {"fills", "word", "words that become part of a tile in a memory",
       [](const LevelEstimate& l) -> Value { return or_null(l.fills); }, {"level_fills", "fill", {}}},
  }};
  return table;
}

const CounterTable<LevelEstimate>& level_space_counters() {
  static const CounterTable<LevelEstimate> table = {{"estimate.levels.NAME.*", "estimates.MODEL.levels.NAME.*"},
                                                    "docs/model.md", {
      {"required_words", "word", "capacity that one instance of a memory needs by the model's rule",
       [](const LevelEstimate& l) -> Value { return or_null(l.required_words); }, {}},
  }};
  return table;
}

const CounterTable<LevelEstimate>& level_time_counters() {
  static const CounterTable<LevelEstimate> table = {{"estimate.*.NAME", "estimates.MODEL.*.NAME"}, "docs/model.md", {
      {"memory_cycles", "cycle", "cycles that the ports of one instance of a memory need",
       [](const LevelEstimate& l) -> Value { return or_null(l.cycles); }, {}},
  }};
  return table;
}

const CounterTable<LevelOccupancy>& occupancy_counters() {
  using Level = LevelOccupancy;
  static const CounterTable<Level> table = {{"simulation.levels.NAME.*"}, output, {
      {"peak_words", "word", "most words held at once in one instance of a memory",
       [](const Level& l) -> Value { return l.peak_words; }, {}},
      {"min_words", "word", "the least this schedule can run in: one tile operation at a time, no prefetch",
       [](const Level& l) -> Value { return l.min_words; }, {}},
      {"peak_live_words", "word",
       "most words held and still to be read: in the iteration of the storage node that is under way, by its whole "
       "tile, or in the next",
       [](const Level& l) -> Value { return l.peak_live_words; }, {}},
      {"boundary_live_words", "word",
       "most words carried from one tile to the next: held at the end of an iteration of the loops above the outermost "
       "branch, one tile operation at a time, and used by a later one; null without a branch, beyond 16 384 tiles, for "
       "the outermost memory and inside the array",
       [](const Level& l) -> Value { return or_null(l.boundary_live_words); }, {}},
  }};
  return table;
}

const CounterTable<AccessMeasures>& node_counters() {
  using Access = AccessMeasures;
  static const CounterTable<Access> table = {{"SIDE.accesses[].*"}, output, {
      {"reads", "word", "words that leave this storage node",
       [](const Access& a) -> Value { return a.reads; }, {{}, "read", {}}},
      {"writes", "word", "words that enter this storage node",
       [](const Access& a) -> Value { return a.writes; }, {{}, "write", {}}},
      {"fills", "word", "words that become part of the node's tile, summed over its iterations",
       [](const Access& a) -> Value { return a.fills; }, {{}, "fill", {}}},
  }};
  return table;
}

const CounterTable<AccessMeasures>& supply_counters() {
  using Access = AccessMeasures;
  static const CounterTable<Access> table = {{"SIDE.accesses[].*"}, output, {
      {"parent_reads", "word",
       "words that the next node further out gives for the fills; one for all instances that take the same word",
       [](const Access& a) -> Value { return a.parent_reads; }, {{}, "parent_read", {}}},
      {"peer", "word", "words taken from a neighbouring instance",
       [](const Access& a) -> Value { return a.peer; }, {{}, "peer", {}}},
  }};
  return table;
}

const CounterTable<AccessMeasures>& tile_counters() {
  using Access = AccessMeasures;
  static const CounterTable<Access> table = {{"SIDE.accesses[].*"}, output, {
      {"max_occupancy", "word", "words of the largest tile, in one instance",
       [](const Access& a) -> Value { return a.max_occupancy; }, {}},
      {"fill_series", "word",
       "list: new words of each tile over the loops above the node; null below level 1 and beyond 65 536 entries",
       [](const Access& a) -> Value { return or_null(a.fill_series); }, not_in_csv},
      {"occupancy_series", "word",
       "list: words of each tile over the loops above the node; null below level 1 and beyond 65 536 entries",
       [](const Access& a) -> Value { return or_null(a.occupancy_series); }, not_in_csv},
  }};
  return table;
}

// clang-format on

}  // namespace loopsim
