#include "report/page/StackedBars.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "base/CellText.hpp"
#include "report/page/Axis.hpp"
#include "report/page/Legend.hpp"

namespace loopsim {
namespace {

constexpr double width = 720;
constexpr double right_margin = 24;
constexpr double bar_height = 22;
constexpr double bar_distance = 30;
constexpr std::size_t longest_label = 30;

double length_of(const StackedBar& bar) {
  double sum = 0;
  for (const BarSegment& segment : bar.segments) sum += segment.value;
  return sum;
}

double left_margin(const StackedBars& chart) {
  std::size_t longest = 4;
  for (const StackedBar& bar : chart.bars) longest = std::max(longest, text_width(clipped(bar.label, longest_label)));
  return text_length(std::string(longest, 'x')) + 16;
}

void draw_bar(SvgDrawing& drawing, const StackedBar& bar, const Axis& axis, double top) {
  add_text(drawing, {axis.begin - 8, top + bar_height - 7}, clipped(bar.label, longest_label), "end");
  const double whole = length_of(bar);
  double from = 0;
  for (const BarSegment& segment : bar.segments) {
    if (segment.value <= 0) continue;
    const double x = axis.at(from);
    from += segment.value;
    const double length = axis.at(from) - x;
    const std::string share = fmt::format("{:.0f} %", 100 * segment.value / whole);
    add_box(drawing, {x, top, length, bar_height}, segment.style,
            fmt::format("{}, {}: {} ({:.1f} %)", bar.label, segment.name, segment.text, 100 * segment.value / whole));
    if (length > text_length(share) + 8 && bar.segments.size() > 1) {
      add_text(drawing, {x + length / 2, top + bar_height - 7}, share, "middle inside");
    }
  }
  const double end = axis.at(whole);
  if (end - axis.begin > text_length(bar.note) + 8) {
    add_text(drawing, {end - 4, top + bar_height - 7}, bar.note, "end inside");
  } else if (!bar.note.empty()) {
    add_text(drawing, {end + 4, top + bar_height - 7}, bar.note, "small");
  }
}

}  // namespace

SvgDrawing draw(const StackedBars& chart) {
  SvgDrawing drawing;
  drawing.width = width;
  double most = chart.most;
  std::vector<LegendEntry> legend;
  for (const StackedBar& bar : chart.bars) {
    most = std::max(most, length_of(bar));
    for (const BarSegment& segment : bar.segments) {
      if (segment.value > 0) add_entry(legend, segment.name, segment.style);
    }
  }
  if (most <= 0) most = chart.unit;
  const double bottom = bar_distance * static_cast<double>(chart.bars.size()) + 4;
  const Axis axis{0, most, left_margin(chart), width - right_margin};
  for (const double value : ticks(0, most / chart.unit, 6)) {
    const double x = axis.at(value * chart.unit);
    add_line(drawing, {x, 0}, {x, bottom}, "grid");
    add_text(drawing, {x, bottom + 14}, tick_text(value), "middle small");
  }
  add_text(drawing, {(axis.begin + axis.end) / 2, bottom + 30}, chart.axis, "middle small");
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    draw_bar(drawing, chart.bars[i], axis, 4 + bar_distance * static_cast<double>(i));
  }
  drawing.height = bottom + 40;
  if (legend.size() > 1) draw_legend(drawing, legend);
  return drawing;
}

}  // namespace loopsim
