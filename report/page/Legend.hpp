#pragma once

#include <string>
#include <vector>

#include "report/page/SvgDrawing.hpp"

namespace loopsim {

struct LegendEntry {
  std::string name;
  std::string style;  ///< class of its colour
};

/// Adds an entry unless there is one of that name.
void add_entry(std::vector<LegendEntry>& legend, const std::string& name, const std::string& style);

/// Draws it below what is there and makes the drawing as much higher.
void draw_legend(SvgDrawing& drawing, const std::vector<LegendEntry>& legend);

}  // namespace loopsim
