#pragma once

#include <string>
#include <vector>

namespace loopsim {

/// A linear scale from values to pixels.
struct Axis {
  double low = 0;
  double high = 1;
  double begin = 0;  ///< pixel of `low`
  double end = 1;    ///< pixel of `high`

  double at(double value) const { return high > low ? begin + (value - low) / (high - low) * (end - begin) : begin; }
};

/// Round values within low … high, about `count` of them: multiples of 1, 2 or 5 times a power of ten.
std::vector<double> ticks(double low, double high, int count);

/// A value of an axis, short: "1.2M", "450k", "0.5".
std::string tick_text(double value);

}  // namespace loopsim
