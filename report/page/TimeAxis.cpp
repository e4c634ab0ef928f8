#include "report/page/TimeAxis.hpp"

#include <algorithm>

namespace loopsim {

TimeAxis time_axis(const RunFolder& run, double begin, double end) {
  TimeAxis time;
  time.unit = run.tree ? "cycle" : "ns";
  time.picoseconds = run.tree ? 1e12 / static_cast<double>(run.tree->architecture.clock_hz) : 1e3;
  bool is_first = true;
  Picoseconds low;
  Picoseconds high;
  const auto include = [&](Picoseconds from, Picoseconds to) {
    low = is_first ? from : std::min(low, from);
    high = is_first ? to : std::max(high, to);
    is_first = false;
  };
  for (const RecordedTimeline::Track& track : run.timeline->tracks) {
    for (const RecordedTimeline::Slice& slice : track.slices) include(slice.begin, slice.end);
  }
  for (const RecordedTimeline::Counter& counter : run.timeline->counters) {
    if (!counter.values.empty()) include(counter.values.front().first, counter.values.back().first);
  }
  time.axis = {time.value(low), time.value(high), begin, end};
  return time;
}

void draw_time_axis(SvgDrawing& drawing, const TimeAxis& time, double top, double bottom) {
  for (const double value : ticks(time.axis.low, time.axis.high, 6)) {
    const double x = time.axis.at(value);
    add_line(drawing, {x, top}, {x, bottom}, "grid");
    add_text(drawing, {x, bottom + 14}, tick_text(value), "middle small");
  }
  add_text(drawing, {(time.axis.begin + time.axis.end) / 2, bottom + 30}, time.unit, "middle small");
  drawing.height = bottom + 40;
}

}  // namespace loopsim
