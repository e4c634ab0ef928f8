#include "sim/dram/TransferShare.hpp"

#include "base/CheckedMath.hpp"

namespace loopsim {

Picoseconds read_share(Transfer& transfer, std::int64_t part, std::int64_t whole, PortCore& core,
                       const MemoryPorts& ports, Picoseconds now) {
  const std::int64_t before = transfer.source_moved;
  transfer.source_moved = share_of(transfer.source_bits, part, whole);
  return reserve_words(core, ports.levels[transfer.source.value], Direction::read, now,
                       {transfer.source_moved - before, before, transfer.first_bank});
}

Picoseconds move_share(Transfer& transfer, std::int64_t part, std::int64_t whole, PortCore& core,
                       const MemoryPorts& ports, Picoseconds now) {
  const std::int64_t before = transfer.destination_moved;
  transfer.destination_moved = share_of(transfer.destination_bits, part, whole);
  if (is_write(transfer)) return now;
  transfer.source_moved = share_of(transfer.source_bits, part, whole);
  return reserve_words(core, ports.levels[transfer.destination.value], Direction::write, now,
                       {transfer.destination_moved - before, before, transfer.first_bank});
}

}  // namespace loopsim
