#include "sim/dram/TlmMover.hpp"

#include <algorithm>

#include "sim/dram/TransferShare.hpp"
#include "sim/time/Earlier.hpp"

namespace loopsim {

namespace {}  // namespace

TlmMover::TlmMover(const Architecture& architecture, std::vector<std::optional<StoredTensor>> tensors,
                   const MemoryPorts& ports, PortCore& core, Clock clock, Send send)
    : architecture_(&architecture),
      tensors_(std::move(tensors)),
      ports_(&ports),
      core_(&core),
      clock_(clock),
      send_(std::move(send)),
      burst_bytes_(std::max<std::int64_t>(1, architecture.dram.burst_bits / 8)) {}

void TlmMover::submit(Transfer& transfer, Picoseconds now) {
  Job job;
  job.transfer = &transfer;
  job.bytes = bursts_of(*tensors_[transfer.move.parent], words_over_pins(transfer.move), 1);
  for (const BurstRun run : job.bytes) job.all += run.count;
  if (job.all == 0) {
    transfer.left_memory = clock_.edge(now);
    completions_.push(clock_.round_up(now), &transfer);
    return;
  }
  jobs_.emplace(transfer.number, std::move(job));
  waiting_.push_back(transfer.number);
}

std::optional<std::int64_t> TlmMover::most_urgent() const {
  const auto first = std::min_element(waiting_.begin(), waiting_.end(), [&](std::int64_t a, std::int64_t b) {
    return goes_before(*jobs_.at(a).transfer, *jobs_.at(b).transfer);
  });
  return first == waiting_.end() ? std::nullopt : std::optional(*first);
}

/// Up to the end of the run or of the burst that the address lies in.
TlmBurst TlmMover::next_burst(const Job& job) const {
  const BurstRun run = job.bytes[job.run];
  const std::int64_t address = run.first + job.within;
  const std::int64_t boundary = (address / burst_bytes_ + 1) * burst_bytes_;
  return {bursts_, is_write(*job.transfer), static_cast<std::uint64_t>(address),
          std::min(run.first + run.count, boundary) - address};
}

/// Chooses what goes next. A write's words are read out of the buffer while the memory is still at the burst before.
void TlmMover::prepare(Picoseconds now) {
  if (next_) return;
  retry_.reset();
  const auto urgent = most_urgent();
  if (!urgent) return;
  Job& job = jobs_.at(*urgent);
  Transfer& transfer = *job.transfer;
  const bool write = is_write(transfer);
  if (!write && taking_) return;  // what is urgent may be another one by then
  if (!write && !job.begun && transfer.after_copies) {
    retry_ = end_of_copies(*core_, ports_->levels[transfer.destination.value], now);
    if (retry_) return;
  }
  Next next{*urgent, next_burst(job), now};
  if (write) {
    const std::int64_t asked = job.asked + next.burst.bytes;
    next.ready = read_share(transfer, asked, job.all, *core_, *ports_, now);
  }
  ++bursts_;
  job.asked += next.burst.bytes;
  job.within += next.burst.bytes;
  if (job.within == job.bytes[job.run].count) {
    ++job.run;
    job.within = 0;
  }
  if (job.asked == job.all) waiting_.erase(std::find(waiting_.begin(), waiting_.end(), *urgent));
  next_ = next;
}

void TlmMover::serve(Picoseconds now) {
  const std::int64_t most_outstanding = architecture_->dram.controller.queue_depth;
  for (;;) {
    if (!taking_) prepare(now);
    if (!next_ || taking_ || static_cast<std::int64_t>(sent_.size()) >= most_outstanding || next_->ready > now) return;
    Job& job = jobs_.at(next_->job);
    if (!job.begun) {
      job.begun = true;
      const MemoryLevel& memory = architecture_->memories.front();
      next_->ready = now + clock_.at(Cycle(memory.transfer_overhead_cycles));
      if (next_->ready > now) return;
    }
    const TlmBurst burst = next_->burst;
    (burst.write ? counters_.write_bytes : counters_.read_bytes) += burst.bytes;
    ++(burst.write ? counters_.write_bursts : counters_.read_bursts);
    sent_.emplace(burst.number, Sent{next_->job, burst.bytes});
    next_.reset();
    taking_ = true;
    send_(burst);
    // What was taken at once is known by now.
    take_events(now);
    if (taking_) prepare(now);
  }
}

void TlmMover::finish(std::int64_t burst, Picoseconds now) {
  const Sent sent = sent_.at(burst);
  sent_.erase(burst);
  Job& job = jobs_.at(sent.job);
  Transfer& transfer = *job.transfer;
  job.moved += sent.bytes;
  DramActivity activity;
  (is_write(transfer) ? activity.write_bytes : activity.read_bytes) = sent.bytes;
  counters_.series.add(clock_.edge(now), activity);
  const Picoseconds through = move_share(transfer, job.moved, job.all, *core_, *ports_, now);
  if (job.moved < job.all) return;
  transfer.left_memory = clock_.edge(now);
  completions_.push(clock_.round_up(through), &transfer);
  jobs_.erase(sent.job);
}

void TlmMover::take_events(Picoseconds now) {
  while (const auto event = events_.pop_due(now)) {
    if (*event) {
      finish(**event, now);
    } else {
      taking_ = false;
    }
  }
}

void TlmMover::advance(Picoseconds now, std::vector<Transfer*>& done) {
  take_events(now);
  serve(now);
  while (const auto transfer = completions_.pop_due(now)) {
    (*transfer)->completed = clock_.edge(now);
    if (is_write(**transfer)) (*transfer)->left_memory = (*transfer)->completed;
    done.push_back(*transfer);
  }
}

std::optional<Picoseconds> TlmMover::next_event() const {
  std::optional<Picoseconds> next;
  take_earlier(next, events_.next());
  take_earlier(next, completions_.next());
  take_earlier(next, retry_);
  const bool may_send = static_cast<std::int64_t>(sent_.size()) < architecture_->dram.controller.queue_depth;
  if (next_ && !taking_ && may_send) take_earlier(next, next_->ready);
  return next;
}

}  // namespace loopsim
