#pragma once

#include <string>

#include "report/page/DataTable.hpp"
#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

/// A chart with the numbers it shows.
struct Figure {
  std::string id;           ///< unique in the page: letters, digits, '-'
  std::string title;        ///< of the chart
  std::string description;  ///< what is drawn and how to read it
  SvgDrawing drawing;
  DataTable data;
};

/// Drawing, description, a table to unfold, and the same data as a CSV file to save.
std::string figure_markup(const Figure& figure);

}  // namespace loopsim
