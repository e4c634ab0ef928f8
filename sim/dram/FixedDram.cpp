#include "sim/dram/FixedDram.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"
#include "sim/time/Earlier.hpp"

namespace loopsim {

namespace {

/// A transfer of more bursts than this moves several at once, so that its cost stays within bounds.
constexpr std::int64_t most_pieces = 1 << 20;

/// What is moved at once of a transfer of so many bits: a burst, or several.
std::int64_t piece_bits(std::int64_t bits, std::int64_t burst_bits) {
  const std::int64_t bursts = ceil_divide(bits, burst_bits);
  return bursts <= most_pieces ? burst_bits : checked_multiply(ceil_divide(bursts, most_pieces), burst_bits);
}

/// Bytes of the bits from `before` on: those of a transfer sum to its whole.
std::int64_t bytes_of(std::int64_t before, std::int64_t bits) {
  return ceil_divide(before + bits, 8) - ceil_divide(before, 8);
}

}  // namespace

FixedDram::FixedDram(const Architecture& architecture, const MemoryPorts& ports, PortCore& core, Clock clock)
    : architecture_(&architecture), ports_(&ports), core_(&core), clock_(clock) {
  const LevelPorts& own = ports.levels.front();
  channels_.push_back({own.read, {}, {}, {}});
  if (own.write != own.read || !own.read) channels_.push_back({own.write, {}, {}, {}});
}

void FixedDram::submit(Transfer& transfer, Picoseconds now) {
  const bool write = is_write(transfer);
  channels_[write ? channels_.size() - 1 : 0].waiting.push_back(&transfer);
  (void)now;
}

Transfer* FixedDram::most_urgent(const Channel& channel) const {
  const auto first = std::min_element(channel.waiting.begin(), channel.waiting.end(),
                                      [](const Transfer* a, const Transfer* b) { return goes_before(*a, *b); });
  return first == channel.waiting.end() ? nullptr : *first;
}

void FixedDram::finish_source(Channel& channel, Transfer& transfer) {
  channel.waiting.erase(std::find(channel.waiting.begin(), channel.waiting.end(), &transfer));
}

/// Reads the next burst of a write out of the buffer, so that it is there when the channel becomes free.
void FixedDram::stage_write(Channel& channel, Picoseconds now) {
  if (channel.staged) return;
  Transfer* transfer = most_urgent(channel);
  if (transfer == nullptr || !is_write(*transfer)) return;
  const std::int64_t bits = std::min(piece_bits(transfer->destination_bits, architecture_->dram.burst_bits),
                                     transfer->destination_bits - transfer->destination_moved);
  const std::int64_t moved_after = transfer->destination_moved + bits;
  const std::int64_t source_after = moved_after == transfer->destination_bits
                                        ? transfer->source_bits
                                        : share_of(transfer->source_bits, moved_after, transfer->destination_bits);
  const Picoseconds ready =
      reserve_words(*core_, ports_->levels[transfer->source.value], Direction::read, now,
                    {source_after - transfer->source_moved, transfer->source_moved, transfer->first_bank});
  transfer->source_moved = source_after;
  channel.staged = Channel::Staged{transfer, bits, ready};
}

void FixedDram::serve(Channel& channel, Picoseconds now) {
  const MemoryLevel& memory = architecture_->memories.front();
  const Picoseconds overhead = clock_.at(Cycle(memory.transfer_overhead_cycles));
  const Picoseconds latency = clock_.at(Cycle(memory.latency_cycles));
  while (channel.free <= now) {
    if (!channel.staged) stage_write(channel, now);
    if (channel.staged) {
      if (channel.staged->ready > now) {
        channel.free = channel.staged->ready;
        return;
      }
      const Channel::Staged burst = *channel.staged;
      channel.staged.reset();
      Transfer& transfer = *burst.transfer;
      const Picoseconds extra = transfer.destination_moved == 0 ? overhead : Picoseconds();
      const Picoseconds end = channel.server ? core_->reserve(now, *channel.server, burst.bits, extra) : now + extra;
      DramActivity activity;
      activity.write_bytes = bytes_of(transfer.destination_moved, burst.bits);
      transfer.destination_moved += burst.bits;
      counters_.write_bytes += activity.write_bytes;
      counters_.write_bursts += ceil_divide(burst.bits, architecture_->dram.burst_bits);
      counters_.series.add(clock_.edge(end), activity);
      if (observer_ != nullptr) observer_->memory_burst(now, activity.write_bytes, true);
      channel.free = end;
      if (transfer.destination_moved == transfer.destination_bits) {
        finish_source(channel, transfer);
        completions_.push(clock_.round_up(end), &transfer);
      }
      stage_write(channel, now);
      continue;
    }
    Transfer* transfer = most_urgent(channel);
    if (transfer == nullptr) return;
    if (transfer->after_copies && transfer->source_moved == 0) {
      if (const auto end = end_of_copies(*core_, ports_->levels[transfer->destination.value], now)) {
        channel.free = *end;
        return;
      }
    }
    const std::int64_t bits = std::min(piece_bits(transfer->source_bits, architecture_->dram.burst_bits),
                                       transfer->source_bits - transfer->source_moved);
    const Picoseconds extra = transfer->source_moved == 0 ? overhead : Picoseconds();
    const Picoseconds end = channel.server ? core_->reserve(now, *channel.server, bits, extra) : now + extra;
    DramActivity activity;
    activity.read_bytes = bytes_of(transfer->source_moved, bits);
    transfer->source_moved += bits;
    counters_.read_bytes += activity.read_bytes;
    counters_.read_bursts += ceil_divide(bits, architecture_->dram.burst_bits);
    counters_.series.add(clock_.edge(end), activity);
    if (observer_ != nullptr) observer_->memory_burst(now, activity.read_bytes, false);
    channel.free = end;
    const bool last = transfer->source_moved == transfer->source_bits;
    const std::int64_t written =
        last ? transfer->destination_bits
             : share_of(transfer->destination_bits, transfer->source_moved, transfer->source_bits);
    arrivals_.push(end + latency, {transfer, written - transfer->destination_moved, transfer->destination_moved, last});
    transfer->destination_moved = written;
    if (last) finish_source(channel, *transfer);
  }
}

void FixedDram::advance(Picoseconds now, std::vector<Transfer*>& done) {
  while (auto arrival = arrivals_.pop_due(now)) {
    const Picoseconds end =
        reserve_words(*core_, ports_->levels[arrival->transfer->destination.value], Direction::write, now,
                      {arrival->bits, arrival->before, arrival->transfer->first_bank});
    if (arrival->last) {
      arrival->transfer->left_memory = clock_.edge(now);
      completions_.push(clock_.round_up(end), arrival->transfer);
    }
  }
  for (Channel& channel : channels_) serve(channel, now);
  while (auto transfer = completions_.pop_due(now)) {
    (*transfer)->completed = clock_.edge(now);
    if (is_write(**transfer)) (*transfer)->left_memory = (*transfer)->completed;
    done.push_back(*transfer);
  }
}

std::optional<Picoseconds> FixedDram::next_event() const {
  std::optional<Picoseconds> next;
  take_earlier(next, arrivals_.next());
  take_earlier(next, completions_.next());
  for (const Channel& channel : channels_) {
    if (!channel.waiting.empty() || channel.staged) take_earlier(next, channel.free);
  }
  return next;
}

}  // namespace loopsim
