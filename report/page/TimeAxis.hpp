#pragma once

#include <string>

#include "base/Quantity.hpp"
#include "report/page/Axis.hpp"
#include "report/page/RunFolder.hpp"
#include "report/svg/SvgDrawing.hpp"

namespace loopsim {

/// The time of a timeline, in core cycles where the clock is known, else in ns.
struct TimeAxis {
  std::string unit;        ///< "cycle" or "ns"
  double picoseconds = 1;  ///< in a unit
  Axis axis;

  double value(Picoseconds time) const { return static_cast<double>(time.value) / picoseconds; }
  double at(Picoseconds time) const { return axis.at(value(time)); }
};

/// From the first to the last moment of anything in the run's timeline.
TimeAxis time_axis(const RunFolder& run, double begin, double end);

/// Grid from `top` to `bottom` and the numbers below; the drawing gets as high as they need.
void draw_time_axis(SvgDrawing& drawing, const TimeAxis& time, double top, double bottom);

}  // namespace loopsim
