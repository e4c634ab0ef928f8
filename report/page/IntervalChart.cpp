#include "report/page/IntervalChart.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "report/page/Axis.hpp"
#include "report/page/Legend.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

constexpr double width = 960;
constexpr double left = 70;
constexpr double right = 944;
constexpr double top = 26;
constexpr double bottom = 196;

/// The edge of a pile from its first interval to its last: commands of a path.
std::string stairs(const std::vector<double>& heights, const IntervalChart& chart, const Axis& time, const Axis& axis) {
  std::string path;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const double to = std::min(chart.interval * static_cast<double>(i + 1), chart.end);
    path += fmt::format("V{}H{}", length_text(axis.at(heights[i])), length_text(time.at(to)));
  }
  return path;
}

/// The same backwards.
std::string stairs_back(const std::vector<double>& heights, const IntervalChart& chart, const Axis& time,
                        const Axis& axis) {
  std::string path;
  for (std::size_t i = heights.size(); i-- > 0;) {
    const double from = chart.interval * static_cast<double>(i);
    path += fmt::format("V{}H{}", length_text(axis.at(heights[i])), length_text(time.at(from)));
  }
  return path;
}

void draw_grid(SvgDrawing& drawing, const IntervalChart& chart, const Axis& time, const Axis& axis) {
  for (const double value : ticks(0, chart.end, 6)) {
    add_line(drawing, {time.at(value), top}, {time.at(value), bottom}, "grid");
    add_text(drawing, {time.at(value), bottom + 14}, tick_text(value), "middle small");
  }
  for (const double value : ticks(0, axis.high, 4)) {
    add_line(drawing, {left, axis.at(value)}, {right, axis.at(value)}, "grid");
    add_text(drawing, {left - 6, axis.at(value) + 4}, tick_text(value), "end small");
  }
  add_text(drawing, {left, top - 12}, chart.unit, "small");
  add_text(drawing, {(left + right) / 2, bottom + 30}, "cycle", "middle small");
}

}  // namespace

SvgDrawing draw(const IntervalChart& chart) {
  SvgDrawing drawing;
  drawing.width = width;
  const std::size_t intervals = chart.series.front().values.size();
  std::vector<double> piled(intervals);
  for (const IntervalSeries& series : chart.series) {
    for (std::size_t i = 0; i < intervals; ++i) piled[i] += series.values[i];
  }
  double most = std::max(chart.most, *std::max_element(piled.begin(), piled.end()));
  if (chart.level) most = std::max(most, chart.level->value);
  const Axis axis{0, most > 0 ? most : 1, bottom, top};
  const Axis time{0, chart.end, left, right};
  draw_grid(drawing, chart, time, axis);
  std::vector<double> below(intervals);
  std::vector<LegendEntry> legend;
  for (const IntervalSeries& series : chart.series) {
    std::vector<double> above = below;
    for (std::size_t i = 0; i < intervals; ++i) above[i] += series.values[i];
    add_path(drawing,
             fmt::format("M{},{}", length_text(left), length_text(bottom)) + stairs(above, chart, time, axis) +
                 stairs_back(below, chart, time, axis) + "Z",
             series.style, series.name);
    add_entry(legend, series.name, series.style);
    below = std::move(above);
  }
  if (chart.level) {
    const double y = axis.at(chart.level->value);
    add_line(drawing, {left, y}, {right, y}, "limit");
    add_text(drawing, {right - 4, y - 5}, fmt::format("{} {:.4g}", chart.level->name, chart.level->value), "end small");
  }
  drawing.height = bottom + 40;
  if (legend.size() > 1) draw_legend(drawing, legend);
  return drawing;
}

}  // namespace loopsim
