#include "sim/attribution/MemoryHistory.hpp"

#include <algorithm>

namespace loopsim {

std::string_view name_of(MemoryDelay delay) {
  switch (delay) {
    case MemoryDelay::issue:
      return "dram.issue";
    case MemoryDelay::queue:
      return "dram.queue";
    case MemoryDelay::refresh:
      return "dram.refresh";
    case MemoryDelay::row_conflict:
      return "dram.row_conflict";
    case MemoryDelay::row_miss:
      return "dram.row_miss";
    case MemoryDelay::turnaround:
      return "dram.turnaround";
    case MemoryDelay::spacing:
      return "dram.spacing";
    case MemoryDelay::data:
      return "dram.data";
  }
  return "";
}

Cycle MemoryHistory::within(MemoryDelay delay, Cycle from, Cycle to) const {
  const auto i = static_cast<std::size_t>(delay);
  const Cycle begin = std::max(from, i == 0 ? issued : until[i - 1]);
  const Cycle end = std::min(to, until[i]);
  return std::max(Cycle(), end - begin);
}

}  // namespace loopsim
