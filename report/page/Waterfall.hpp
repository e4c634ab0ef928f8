#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

/// From one number to another by signed steps; `begin` and the steps sum to the end.
struct Waterfall {
  struct Step {
    std::string label;
    std::string style;  ///< class of its colour
    std::int64_t change = 0;
    std::string note;  ///< for a pointer that rests on it
  };

  std::string begin_label;
  std::int64_t begin = 0;
  std::vector<Step> steps;
  std::string end_label;
  std::string axis;  ///< its name, with the unit

  std::int64_t end() const;
};

/// Where its axis begins: 0, or near the smallest sum where the steps are small beside it.
double axis_begin(const Waterfall& chart);

SvgDrawing draw(const Waterfall& chart);

}  // namespace loopsim
