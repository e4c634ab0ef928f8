#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

/// The value of a counter as stats.json has it: a number, a list of them, or null for what is not known.
using CounterValue = nlohmann::ordered_json;

/// Columns that a counter has in stats.csv.
struct CsvColumns {
  std::string_view metric;     ///< empty = the counter's name
  std::string_view action;     ///< empty = that of what is counted, if it has one
  std::string_view instances;  ///< an entry of a list is named by this word and its number; empty = lists are left out
  bool written = true;
};

inline constexpr CsvColumns not_in_csv{{}, {}, {}, false};

/// A counter of what a `From` has counted: the row that stats.json, stats.csv, `loopsim explain` and docs/output.md
/// take it from.
template <class From>
struct Counter {
  std::string_view name;  ///< key in stats.json
  std::string_view unit;  ///< in the singular; empty for a ratio
  std::string_view meaning;
  CounterValue (*value)(const From& from) = nullptr;
  CsvColumns csv;
};

/// Counters that stand together in stats.json, in its order.
template <class From>
struct CounterTable {
  /// Paths in stats.json, `*` for the counter's name. A part in capitals stands for any name; SIDE for `estimate` and
  /// `simulation`.
  std::vector<std::string_view> paths;
  std::string_view page;  ///< of the documentation, which says more
  std::vector<Counter<From>> counters;
  std::string_view kind = "counter of stats.json";
  std::string_view prefix = {};  ///< where a name is printed by itself it stands after this
};

/// Writes the counters of a table into an object of stats.json, after what it has.
template <class From>
void add_counters(CounterValue& object, const CounterTable<From>& table, const From& from) {
  for (const Counter<From>& counter : table.counters) object[std::string(counter.name)] = counter.value(from);
}

/// The value of the only counter of a table, where stats.json has it under other names than the counter's.
template <class From>
CounterValue value_of(const CounterTable<From>& table, const From& from) {
  return table.counters.front().value(from);
}

template <class Number>
CounterValue or_null(const std::optional<Number>& number) {
  return number ? CounterValue(*number) : CounterValue(nullptr);
}

}  // namespace loopsim
