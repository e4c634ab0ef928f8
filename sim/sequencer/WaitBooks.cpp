#include "sim/sequencer/WaitBooks.hpp"

#include <algorithm>

namespace loopsim {

void book_wait(StageLedger& ledger, const PendingTile& tile, Cycle now) {
  const std::optional<PendingTile::Arrival>& last = tile.last_move;
  const Cycle moved = last ? last->completed : Cycle(-1);
  // What it writes over may have had to be written back first.
  const Cycle end = tile.writing_back_since.value_or(now);
  const auto wait = [&](Cycle until, std::optional<StallCause> cause) {
    return ledger.wait(std::min(until, end), cause);
  };
  if (*tile.free_to_start > moved && *tile.free_to_start >= tile.admitted_at) {
    // Before it came into the window: the results of the operation before it, and where they are held their write-back.
    wait(tile.room_at, StallCause::dependency);
    wait(tile.entered_at, StallCause::writeback);
    wait(now, tile.blocked_by);
  } else {
    // Not admitted yet, by what held it; then on its way; each part only as far as it lies after what is booked.
    for (std::size_t i = 0; i < tile.holds.size(); ++i) {
      const Cycle until = i + 1 < tile.holds.size() ? tile.holds[i + 1].since : tile.admitted_at;
      wait(std::min(until, tile.admitted_at), tile.holds[i].cause);
    }
    if (last) {
      wait(last->issued, StallCause::dependency);
      const Cycle charged = wait(last->left_memory, StallCause::dram);
      if (last->history) {
        const Cycle until = ledger.booked();
        for (std::size_t d = 0; d < memory_delays; ++d) {
          const auto delay = static_cast<MemoryDelay>(d);
          ledger.add_detail(name_of(delay), last->history->within(delay, until - charged, until));
        }
      } else {
        ledger.add_detail("dram.transfer", charged);
      }
      ledger.add_detail("glb.transfer", wait(last->completed, StallCause::glb));
    }
    wait(now, StallCause::dependency);
  }
  ledger.wait(now, StallCause::writeback);
}

}  // namespace loopsim
