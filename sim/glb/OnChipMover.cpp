#include "sim/glb/OnChipMover.hpp"

#include <algorithm>

namespace loopsim {

void OnChipMover::submit(Transfer& transfer, Picoseconds now) {
  const MemoryLevel& source = architecture_->memories[transfer.source.value];
  const Picoseconds overhead = clock_.at(Cycle(source.transfer_overhead_cycles));
  Picoseconds end = now + overhead;
  end = std::max(end, reserve_words(*core_, ports_->levels[transfer.source.value], Direction::read, now,
                                    {transfer.source_bits, 0, transfer.first_bank}, overhead));
  end = std::max(end, reserve_words(*core_, ports_->levels[transfer.destination.value], Direction::write, now,
                                    {transfer.destination_bits, 0, transfer.first_bank}));
  if (transfer.source == transfer.destination) {
    const LevelPorts& level = ports_->levels[transfer.source.value];
    if (level.copies_in_turn) {
      end = std::max(end, core_->reserve(now, level.copy, transfer.source_bits, overhead));
    }
    core_->hold(level.copy, end);
  }
  completions_.push(clock_.round_up(end + clock_.at(Cycle(source.latency_cycles))), &transfer);
}

void OnChipMover::advance(Picoseconds now, std::vector<Transfer*>& done) {
  while (auto transfer = completions_.pop_due(now)) {
    (*transfer)->left_memory = (*transfer)->issued;  // none of it was DRAM
    (*transfer)->completed = clock_.edge(now);
    done.push_back(*transfer);
  }
}

}  // namespace loopsim
