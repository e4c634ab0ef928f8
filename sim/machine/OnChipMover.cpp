#include "sim/machine/OnChipMover.hpp"

#include <algorithm>

namespace loopsim {

void OnChipMover::submit(Transfer& transfer, Picoseconds now) {
  const MemoryLevel& source = architecture_->memories[transfer.source.value];
  const auto& read = ports_->levels[transfer.source.value].read;
  const auto& write = ports_->levels[transfer.destination.value].write;
  const Picoseconds overhead = clock_.at(Cycle(source.transfer_overhead_cycles));
  Picoseconds end = now + overhead;
  if (read) end = std::max(end, core_->reserve(now, *read, transfer.source_bits, overhead));
  if (write) end = std::max(end, core_->reserve(now, *write, transfer.destination_bits));
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
