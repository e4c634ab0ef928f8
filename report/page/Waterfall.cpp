#include "report/page/Waterfall.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"
#include "report/page/Axis.hpp"

namespace loopsim {
namespace {

constexpr double width = 720;
constexpr double left_margin = 150;
constexpr double right_margin = 90;  ///< for the numbers beside the bars
constexpr double bar_height = 18;
constexpr double row_height = 26;
/// The axis begins at 0 if the steps span at least this share of the largest sum.
constexpr double visible_share = 0.3;

std::pair<double, double> extremes(const Waterfall& chart) {
  auto sum = static_cast<double>(chart.begin);
  std::pair<double, double> result{sum, sum};
  for (const Waterfall::Step& step : chart.steps) {
    sum += static_cast<double>(step.change);
    result = {std::min(result.first, sum), std::max(result.second, sum)};
  }
  return result;
}

}  // namespace

std::int64_t Waterfall::end() const {
  std::int64_t sum = begin;
  for (const Step& step : steps) sum += step.change;
  return sum;
}

double axis_begin(const Waterfall& chart) {
  const auto [least, most] = extremes(chart);
  if (least <= 0) return std::min(0.0, least);
  const double span = most - least;
  if (span <= 0 || span >= visible_share * most) return 0;
  const double below = least - 0.15 * span;
  const std::vector<double> marks = ticks(std::max(0.0, below - span), below, 4);
  return marks.empty() ? below : marks.back();
}

SvgDrawing draw(const Waterfall& chart) {
  SvgDrawing drawing;
  drawing.width = width;
  const double low = axis_begin(chart);
  const double high = std::max(extremes(chart).second, low + 1);
  const Axis axis{low, high, left_margin, width - right_margin};
  const double bottom = row_height * static_cast<double>(chart.steps.size() + 2) + 4;
  for (const double value : ticks(low, high, 5)) {
    add_line(drawing, {axis.at(value), 0}, {axis.at(value), bottom}, "grid");
    add_text(drawing, {axis.at(value), bottom + 14}, tick_text(value), "middle small");
  }
  const std::string note = low > 0 ? chart.axis + ", from " + tick_text(low) : chart.axis;
  add_text(drawing, {(axis.begin + axis.end) / 2, bottom + 30}, note, "middle small");
  drawing.height = bottom + 40;

  double top = 4;
  double sum = 0;
  auto row = [&](const std::string& label, double from, double to, const std::string& style, const std::string& number,
                 const std::string& title) {
    const double left = std::min(axis.at(from), axis.at(to));
    const double right = std::max(axis.at(from), axis.at(to));
    add_text(drawing, {left_margin - 8, top + bar_height - 5}, clipped(label, 20), "end");
    add_box(drawing, {left, top, std::max(right - left, 1.0), bar_height}, style, title);
    add_text(drawing, {right + 6, top + bar_height - 5}, number, "");
    top += row_height;
    // From the end of this bar to the beginning of the next.
    if (top < bottom - 4) {
      add_line(drawing, {axis.at(to), top - row_height + bar_height}, {axis.at(to), top}, "joint");
    }
    sum = to;
  };
  const auto begin = static_cast<double>(chart.begin);
  row(chart.begin_label, std::max(0.0, low), begin, "total", grouped(chart.begin), chart.begin_label);
  for (const Waterfall::Step& step : chart.steps) {
    row(step.label, sum, sum + static_cast<double>(step.change), step.style, grouped_signed(step.change), step.note);
  }
  row(chart.end_label, std::max(0.0, low), static_cast<double>(chart.end()), "total", grouped(chart.end()),
      chart.end_label);
  return drawing;
}

}  // namespace loopsim
