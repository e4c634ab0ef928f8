#include "report/page/Legend.hpp"

#include <algorithm>

#include "base/CellText.hpp"
#include "report/page/SeriesStyle.hpp"

namespace loopsim {
namespace {

constexpr double mark = 12;
constexpr double line_height = 20;
constexpr std::size_t longest_name = 28;

}  // namespace

void add_entry(std::vector<LegendEntry>& legend, const std::string& name, const std::string& style) {
  const bool known =
      std::any_of(legend.begin(), legend.end(), [&name](const LegendEntry& e) { return e.name == name; });
  if (!known) legend.push_back({name, style});
}

std::string style_in(std::vector<LegendEntry>& legend, const std::string& name) {
  add_entry(legend, name, series_style(legend.size()));
  return std::find_if(legend.begin(), legend.end(), [&name](const LegendEntry& e) { return e.name == name; })->style;
}

void draw_legend(SvgDrawing& drawing, const std::vector<LegendEntry>& legend) {
  double x = 8;
  double y = drawing.height + 4;
  for (const LegendEntry& entry : legend) {
    const std::string name = clipped(entry.name, longest_name);
    const double length = mark + 6 + text_length(name) + 18;
    if (x > 8 && x + length > drawing.width) {
      x = 8;
      y += line_height;
    }
    add_box(drawing, {x, y, mark, mark}, entry.style);
    add_text(drawing, {x + mark + 6, y + mark - 2}, name, "");
    x += length;
  }
  drawing.height = y + line_height;
}

}  // namespace loopsim
