#pragma once

#include <string>
#include <vector>

#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

struct LegendEntry {
  std::string name;
  std::string style;  ///< class of its colour
};

/// Adds an entry unless there is one of that name.
void add_entry(std::vector<LegendEntry>& legend, const std::string& name, const std::string& style);

/// The entry of that name, with the next colour of a series if it is new.
std::string style_in(std::vector<LegendEntry>& legend, const std::string& name);

/// Draws it below what is there and makes the drawing as much higher.
void draw_legend(SvgDrawing& drawing, const std::vector<LegendEntry>& legend);

}  // namespace loopsim
