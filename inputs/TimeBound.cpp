#include "inputs/TimeBound.hpp"

#include <fmt/format.h>
#include <limits>
#include <string>

namespace loopsim {

void report_overlong(std::string_view what, std::int64_t cycles, std::int64_t clock_hz, const SourcePosition& where,
                     Diagnostics& diagnostics) {
  constexpr std::int64_t picoseconds_in_second = 1'000'000'000'000;
  const std::int64_t period = (picoseconds_in_second + clock_hz / 2) / clock_hz;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / period;
  if (cycles <= most) return;
  diagnostics.error(where, fmt::format("{}: {} cycles of {} ps exceed the simulated time, 2^63 - 1 ps (106 days); "
                                       "expected at most {} at a clock of {} Hz",
                                       what, cycles, period, most, clock_hz));
}

void report_overlong(const std::vector<SimulationSetting>& settings, std::int64_t clock_hz, Diagnostics& diagnostics) {
  for (const SimulationSetting& setting : settings) {
    const SimulationKey& key = *setting.key;
    const bool takes_time = key.unit == "cycles" || key.unit == "steps";
    if (!takes_time || key.type != SimulationValueType::integer) continue;
    report_overlong(key.path.substr(key.path.rfind('.') + 1), setting.integer(), clock_hz, setting.where, diagnostics);
  }
}

}  // namespace loopsim
