#pragma once

#include <array>
#include <string_view>

#include "base/Quantity.hpp"

namespace loopsim {

/// What a transfer's last burst spent its time on, in the order in which it happens.
enum class MemoryDelay { issue, queue, refresh, row_conflict, row_miss, turnaround, spacing, data };
constexpr std::size_t memory_delays = 8;
/// "dram.row_conflict", as it stands in a stage's details.
std::string_view name_of(MemoryDelay delay);

/// From the issue of a transfer until its last burst has left main memory, without gaps.
struct MemoryHistory {
  Cycle issued;
  std::array<Cycle, memory_delays> until;  ///< the end of each; not before the end of the one before

  /// Cycles of a delay that lie within [from, to).
  Cycle within(MemoryDelay delay, Cycle from, Cycle to) const;
};

}  // namespace loopsim
