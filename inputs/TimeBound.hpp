#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/Diagnostics.hpp"
#include "inputs/settings/SimulationKey.hpp"

namespace loopsim {

/// Simulated time is counted in picoseconds up to 2^63 - 1. What takes longer by itself is an error at its place.
void report_overlong(std::string_view what, std::int64_t cycles, std::int64_t clock_hz, const SourcePosition& where,
                     Diagnostics& diagnostics);

/// The same for all settings that are a number of cycles, or of steps, which take a cycle at the least.
void report_overlong(const std::vector<SimulationSetting>& settings, std::int64_t clock_hz, Diagnostics& diagnostics);

}  // namespace loopsim
