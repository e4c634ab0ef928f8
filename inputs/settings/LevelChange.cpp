#include "inputs/settings/LevelChange.hpp"

#include <fmt/format.h>

#include "arch/BoundlessRate.hpp"

namespace loopsim {
namespace {

void complete(PortBandwidth& bandwidth) {
  if (bandwidth.shared == boundless_bits_per_second) bandwidth = {};
  if (bandwidth.shared) return;
  const auto limited = [](const std::optional<std::int64_t>& bits) {
    return bits && *bits < boundless_bits_per_second;
  };
  if (!limited(bandwidth.read) && !limited(bandwidth.write)) {
    bandwidth = {};
    return;
  }
  if (!bandwidth.read) bandwidth.read = boundless_bits_per_second;
  if (!bandwidth.write) bandwidth.write = boundless_bits_per_second;
}

void warn_of_other_bandwidth(const MemoryLevel& level, const SourcePosition& where, const Architecture& machine,
                             Diagnostics& diagnostics) {
  const PortBandwidth& ports = level.bandwidth;
  const double stated = static_cast<double>(ports.read.value_or(0)) + static_cast<double>(ports.write.value_or(0)) +
                        static_cast<double>(ports.shared.value_or(0));
  const double banked = static_cast<double>(level.banks->count) * static_cast<double>(level.line_bits()) *
                        static_cast<double>(machine.clock_hz) * (level.banks->dual_ported ? 2 : 1);
  if (banked >= 0.9 * stated && banked <= 1.1 * stated) return;
  diagnostics.warning(where, fmt::format("the banks of '{}' move {:.4g} bits/s, its bandwidth is {:.4g} bits/s; from "
                                         "the rung glb on the banks count",
                                         level.name, banked, stated));
}

}  // namespace

void finish(const LevelChange& change, const Architecture& machine, Diagnostics& diagnostics) {
  MemoryLevel& level = *change.level;
  if (change.bandwidth_replaced) complete(level.bandwidth);
  if (!change.banks_where) return;
  if (!change.banks_counted) {
    level.banks.reset();
    diagnostics.warning(*change.banks_where, fmt::format("no effect without simulation.levels.{}.banks", level.name));
  } else if (&level != machine.memories.data() + banked_level.value) {
    level.banks.reset();
  } else if (!level.bandwidth.unlimited()) {
    warn_of_other_bandwidth(level, *change.banks_where, machine, diagnostics);
  }
}

}  // namespace loopsim
