#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// One cause and its cycles, with the mark that stands for it in a bar.
struct BarPart {
  std::string name;
  std::string_view mark;
  std::int64_t cycles = 0;
};

/// The causes of a stage that have cycles, in the order of a bar: compute, stalls, ramp, drain, idle.
std::vector<BarPart> bar_parts(const StageAccount& stage, bool unicode);

/// A bar of `width` characters, shared out by the cycles (largest remainder), so that it is always full. Empty if
/// there are no cycles.
std::string bar(const std::vector<BarPart>& parts, std::size_t width);

}  // namespace loopsim
