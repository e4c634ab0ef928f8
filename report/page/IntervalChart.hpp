#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

/// One of the things that are piled up in every interval.
struct IntervalSeries {
  std::string name;            ///< for the legend
  std::string style;           ///< class of its colour
  std::vector<double> values;  ///< not negative; one for each interval
};

/// Series piled up over equal intervals of time, the last of which may be shorter.
struct IntervalChart {
  std::vector<IntervalSeries> series;
  double interval = 1;  ///< cycles
  double end = 1;       ///< cycles; where time ends
  std::string unit;     ///< of the values
  double most = 0;      ///< the axis of values reaches at least this far
  /// A horizontal line to compare with.
  struct Level {
    std::string name;
    double value = 0;
  };
  std::optional<Level> level;
};

SvgDrawing draw(const IntervalChart& chart);

}  // namespace loopsim
