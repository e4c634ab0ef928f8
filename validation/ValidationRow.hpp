#pragma once

#include <optional>
#include <string>

namespace loopsim {

/// When a figure is good enough.
struct Bar {
  enum class Kind { none, exact, within, between, at_least, at_most };
  Kind kind = Kind::none;
  double low = 0;   ///< within: the greatest |error|; between, at_least: the least figure
  double high = 0;  ///< between, at_most: the greatest figure
};

/// "exact", "within 3 %", "at least 5", "-".
std::string to_string(const Bar& bar);

enum class RowVerdict { met, missed, no_bar };
const char* to_string(RowVerdict verdict);

/// One figure of a case beside the published one.
struct ValidationRow {
  std::string case_name;
  std::string row;     ///< a data line (from 1), a file, or what the figure is about
  std::string metric;  ///< with its unit, if it has one
  std::optional<double> published;
  std::optional<double> estimate;
  std::optional<double> simulation;
  std::optional<double>
      error;  ///< (ours - published) / published; ours is the simulation's figure, else the estimate's
  Bar bar;
  RowVerdict verdict = RowVerdict::no_bar;
};

/// Fills in error and verdict. Where a bar compares with a published figure, both the estimate's and the simulation's
/// may be there and the simulation's decides; a figure that is missing misses its bar.
void judge(ValidationRow& row);

}  // namespace loopsim
