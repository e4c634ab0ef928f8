#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/counters/Counter.hpp"

namespace loopsim {

/// What the row of a counter says of it, whatever has counted it.
struct CounterText {
  std::vector<std::string> paths;  ///< in stats.json, as in CounterTable
  std::string word;                ///< as it is printed
  std::string_view unit;
  std::string_view meaning;
  std::string_view kind;
  std::string_view page;
  CsvColumns csv;  ///< with the metric that stands in stats.csv
};

/// The rows of all tables, in the order of docs/output.md.
const std::vector<CounterText>& counter_texts();

/// Whether a path of a counter stands for a field: SIDE.levels.NAME.reads for simulation.levels.GLB.reads. A name that
/// is last may have dots.
bool stands_for(std::string_view path, std::string_view field);

/// Those of counters with a path that is `beginning` or goes on from it with a further part; all for an empty one.
/// Only such paths are in `paths`.
std::vector<CounterText> counter_texts(std::string_view beginning);

}  // namespace loopsim
