#include "sim/dram/DramTracePlayer.hpp"

#include <algorithm>

namespace loopsim {

void play_dram_trace(DramMemory& memory, const DramTrace& trace, std::optional<DramCycles> gap) {
  constexpr DramCycles one(1);
  std::vector<DramCompletion> done;
  DramCycles now(-1);
  std::int64_t index = 0;
  for (const DramTraceLine& line : trace.lines) {
    const DramCycles wanted = gap ? *gap * index : line.offered;
    now = std::max(now + one, wanted);
    const DramRequest request{line.address, line.write, static_cast<std::uint64_t>(index)};
    while (!memory.offer(request, now, done)) {
      // A place is free in the cycle after a burst was sent.
      const std::uint32_t channel = memory.channel_of(line.address);
      now = std::max(now, *memory.next_event(channel)) + one;
    }
    done.clear();
    ++index;
  }
  while (const auto next = memory.next_event()) {
    memory.advance(*next, done);
    done.clear();
  }
}

}  // namespace loopsim
