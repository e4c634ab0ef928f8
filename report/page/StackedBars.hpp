#pragma once

#include <string>
#include <vector>

#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

struct BarSegment {
  std::string name;   ///< for the legend
  std::string style;  ///< class of its colour
  double value = 0;   ///< not negative
  std::string text;   ///< the value for people, with its unit
};

struct StackedBar {
  std::string label;
  std::vector<BarSegment> segments;
  std::string note{};  ///< at the bar's end
};

/// Horizontal bars on one axis from 0.
struct StackedBars {
  std::vector<StackedBar> bars;
  std::string axis;  ///< its name, with the unit
  double most = 0;   ///< the axis reaches at least this far, so that charts side by side compare
  double unit = 1;   ///< value of one unit of the axis
};

SvgDrawing draw(const StackedBars& chart);

}  // namespace loopsim
