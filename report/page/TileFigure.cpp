#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/CellText.hpp"
#include "report/page/Legend.hpp"
#include "report/page/TimeAxis.hpp"
#include "report/page/TimelineFigures.hpp"

namespace loopsim {
namespace {

constexpr double width = 960;
constexpr double left = 250;
constexpr double right = 944;
constexpr double row_height = 22;
constexpr double bar_height = 16;
constexpr std::size_t longest_label = 32;

// What keeps a page of long runs small.
constexpr std::size_t most_bars = 6'000;  ///< of all runs
constexpr std::size_t most_tracks = 60;

/// One slice, or several so close together that they are drawn as one.
struct DrawnBar {
  Picoseconds begin;
  Picoseconds end;
  std::size_t name = 0;
  bool same_name = true;
  std::int64_t slices = 1;
};

bool shows_tiles(const RecordedTimeline::Track& track) {
  for (const char* group : {"PE array", "einsums", "fill ", "drain "}) {
    if (track.group.rfind(group, 0) == 0) return true;
  }
  return false;
}

/// Slices join the bar that begins in the same of `parts` equal parts of the time.
std::vector<DrawnBar> bars_of(const RecordedTimeline::Track& track, const TimeAxis& time, std::size_t parts) {
  std::vector<DrawnBar> bars;
  const double span = time.axis.high - time.axis.low;
  double last_part = -1;
  for (const RecordedTimeline::Slice& slice : track.slices) {
    const double part =
        span > 0 ? std::floor((time.value(slice.begin) - time.axis.low) / span * static_cast<double>(parts)) : 0;
    if (part != last_part) {
      bars.push_back({slice.begin, slice.end, slice.name, true, 1});
    } else {
      bars.back().end = std::max(bars.back().end, slice.end);
      bars.back().same_name = bars.back().same_name && bars.back().name == slice.name;
      ++bars.back().slices;
    }
    last_part = part;
  }
  return bars;
}

std::string label_of(const RecordedTimeline::Track& track) {
  if (track.group == "PE array" || track.name.rfind(track.group, 0) == 0) return track.name;
  return track.group + "/" + track.name;
}

}  // namespace

std::optional<Figure> tile_figure(const RunFolder& run, const ReportScale& scale) {
  if (!run.timeline) return std::nullopt;
  const RecordedTimeline& timeline = *run.timeline;
  std::vector<const RecordedTimeline::Track*> tracks;
  for (const RecordedTimeline::Track& track : timeline.tracks) {
    if (shows_tiles(track)) tracks.push_back(&track);
  }
  if (tracks.empty()) return std::nullopt;
  Figure figure;
  figure.title = "Tiles over time";
  figure.description = "Tile operations of each stage, and moves of tiles until they are complete.";
  if (tracks.size() > most_tracks) {
    figure.description += fmt::format(" The first {} of {} tracks.", most_tracks, tracks.size());
    tracks.resize(most_tracks);
  }
  const TimeAxis time = time_axis(run, left, right);
  figure.data.columns = {"track", "name", "begin_" + time.unit, "end_" + time.unit, "slices"};
  SvgDrawing& drawing = figure.drawing;
  drawing.width = width;
  const double bottom = row_height * static_cast<double>(tracks.size()) + 6;
  draw_time_axis(drawing, time, 0, bottom);
  const std::size_t parts = std::clamp<std::size_t>(most_bars / scale.runs / tracks.size(), 20, 600);
  std::vector<LegendEntry> legend;
  bool merged = false;
  double top = 4;
  for (const RecordedTimeline::Track* track : tracks) {
    const std::string label = label_of(*track);
    add_text(drawing, {left - 8, top + bar_height - 4}, clipped(label, longest_label), "end");
    for (const DrawnBar& bar : bars_of(*track, time, parts)) {
      const std::string name = bar.same_name ? timeline.names[bar.name] : "several";
      std::string style = "idle";
      if (bar.same_name) style = style_in(legend, name);
      add_entry(legend, name, style);
      const double x = time.at(bar.begin);
      const double length = std::max(time.at(bar.end) - x, 0.5);
      const std::string slices = bar.slices == 1 ? "" : fmt::format(", {} together", bar.slices);
      add_box(drawing, {x, top, length, bar_height}, style,
              fmt::format("{}: {:.10g} to {:.10g} {}{}", name, time.value(bar.begin), time.value(bar.end), time.unit,
                          slices));
      if (length > text_length(name) + 6) add_text(drawing, {x + length / 2, top + 12}, name, "middle inside");
      figure.data.rows.push_back({label, name, time.value(bar.begin), time.value(bar.end), bar.slices});
      merged = merged || bar.slices > 1;
    }
    top += row_height;
  }
  if (merged) figure.description += " Slices that begin close together are drawn as one; the data says how many.";
  for (const std::string& mark : timeline.marks) figure.description += " The timeline ends early: " + mark + ".";
  draw_legend(drawing, legend);
  return figure;
}

}  // namespace loopsim
