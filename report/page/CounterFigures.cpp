#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/NumberText.hpp"
#include "report/page/TimeAxis.hpp"
#include "report/page/TimelineFigures.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<std::pair<Picoseconds, std::int64_t>>;

constexpr double width = 960;
constexpr double left = 90;
constexpr double right = 944;
constexpr double panel_height = 130;
constexpr double panel_distance = 176;
constexpr double first_panel = 22;
/// Parts of the time in each of which the largest and the last value are drawn.
constexpr double parts = 600;

/// A horizontal line to compare with.
struct Level {
  std::string name;
  std::string style;
  std::int64_t value = 0;
};

struct Panel {
  std::string title;
  Values values;
  std::vector<Level> levels;
};

Values thinned(const Values& values, const TimeAxis& time) {
  const double span = time.axis.high - time.axis.low;
  const auto part_of = [&](Picoseconds at) {
    return span > 0 ? std::floor((time.value(at) - time.axis.low) / span * parts) : 0.0;
  };
  Values kept;
  for (std::size_t begin = 0; begin < values.size();) {
    std::size_t end = begin;
    std::size_t most = begin;
    for (; end < values.size() && part_of(values[end].first) == part_of(values[begin].first); ++end) {
      if (values[end].second > values[most].second) most = end;
    }
    kept.push_back(values[most]);
    if (most + 1 != end) kept.push_back(values[end - 1]);
    begin = end;
  }
  return kept;
}

void draw_panel(SvgDrawing& drawing, const Panel& panel, const TimeAxis& time, double top) {
  double most = 1;
  for (const auto& value : panel.values) most = std::max(most, static_cast<double>(value.second));
  for (const Level& level : panel.levels) most = std::max(most, static_cast<double>(level.value));
  const double bottom = top + panel_height;
  const Axis axis{0, 1.05 * most, bottom, top};
  add_text(drawing, {left, top - 7}, panel.title, "");
  draw_time_axis(drawing, time, top, bottom);
  for (const double value : ticks(0, most, 4)) {
    add_line(drawing, {left, axis.at(value)}, {right, axis.at(value)}, "grid");
    add_text(drawing, {left - 6, axis.at(value) + 4}, tick_text(value), "end small");
  }
  std::string path;
  for (const auto& [at, value] : panel.values) {
    path += path.empty() ? fmt::format("M{:.1f},{:.1f}", time.at(at), axis.at(static_cast<double>(value)))
                         : fmt::format("H{:.1f}V{:.1f}", time.at(at), axis.at(static_cast<double>(value)));
  }
  add_path(drawing, path, "curve");
  for (const Level& level : panel.levels) {
    const double y = axis.at(static_cast<double>(level.value));
    add_line(drawing, {left, y}, {right, y}, level.style);
    const std::string text = level.name + " " + grouped(level.value);
    const bool at_left = level.style == "need";
    add_text(drawing, {at_left ? left + 4 : right - 4, y - 3}, text, at_left ? "small" : "end small");
  }
}

/// The panels below each other, with all drawn values as data.
Figure figure_of(const RunFolder& run, std::vector<Panel> panels, const std::string& what) {
  Figure figure;
  const TimeAxis time = time_axis(run, left, right);
  figure.data.columns = {what, time.unit, "value"};
  figure.drawing.width = width;
  double top = first_panel;
  for (Panel& panel : panels) {
    const std::size_t before = panel.values.size();
    panel.values = thinned(panel.values, time);
    if (panel.values.size() < before) {
      panel.title +=
          fmt::format(" ({} of {} values: the largest and the last of each moment)", panel.values.size(), before);
    }
    draw_panel(figure.drawing, panel, time, top);
    top += panel_distance;
  }
  for (const Panel& panel : panels) {
    const std::string name = panel.title.substr(0, panel.title.find(','));
    for (const auto& [at, value] : panel.values) figure.data.rows.push_back({name, time.value(at), value});
    for (const Level& level : panel.levels) figure.data.rows.push_back({name + " " + level.name, nullptr, level.value});
  }
  return figure;
}

const RecordedTimeline::Counter* find_counter(const RecordedTimeline& timeline, const std::string& name) {
  for (const RecordedTimeline::Counter& counter : timeline.counters) {
    if (counter.name == name && !counter.values.empty()) return &counter;
  }
  return nullptr;
}

}  // namespace

std::optional<Figure> occupancy_figure(const RunFolder& run, const ReportScale&) {
  if (!run.timeline) return std::nullopt;
  std::vector<Panel> panels;
  for (const auto& [name, level] : run.stats.at("estimate").at("levels").items()) {
    if (level.at("index") == 0) continue;  // main memory is no buffer
    const RecordedTimeline::Counter* const held = find_counter(*run.timeline, name + " held");
    if (held == nullptr) continue;
    Panel panel{name + ", words", held->values, {}};
    if (!level.at("size_words").is_null()) panel.levels.push_back({"size", "limit", level["size_words"]});
    panel.levels.push_back({"required by the estimate", "need", level.at("required_words")});
    panels.push_back(std::move(panel));
  }
  if (panels.empty()) return std::nullopt;
  Figure figure = figure_of(run, std::move(panels), "level");
  figure.title = "Words held in buffers";
  figure.description =
      "Words that the fullest instance holds at the end of each moment, the size, and what LoopTree's rule requires.";
  return figure;
}

}  // namespace loopsim
