#include "sim/dram/JedecDram.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "arch/dram/DramPartLoader.hpp"
#include "base/CheckedMath.hpp"
#include "sim/attribution/MemoryHistory.hpp"
#include "sim/dram/TransferShare.hpp"
#include "sim/time/Earlier.hpp"

namespace loopsim {

namespace {

/// Of one transfer: more would keep the program busy for minutes.
constexpr std::int64_t most_bursts = 1 << 26;

/// Enough for a channel to find the next burst of a write waiting whenever it has a place for it.
constexpr std::size_t staged_bursts_per_channel = 4;

MemoryHistory history_of(const Transfer& transfer, DramCycles accepted, const DramLatency& latency,
                         const DramClock& dram_clock, Clock clock) {
  MemoryHistory history;
  history.issued = transfer.issued;
  Cycle last = transfer.issued;
  DramCycles time = accepted;
  const auto end = [&](MemoryDelay delay, DramCycles took) {
    time += took;
    const Cycle edge = clock.edge(dram_clock.after(time));
    last = std::max(last, std::min(edge, transfer.left_memory));
    history.until[static_cast<std::size_t>(delay)] = last;
  };
  end(MemoryDelay::issue, DramCycles());
  end(MemoryDelay::queue, latency[DramCause::queue]);
  end(MemoryDelay::refresh, latency[DramCause::refresh]);
  end(MemoryDelay::row_conflict, latency[DramCause::precharge]);
  end(MemoryDelay::row_miss, latency[DramCause::activate]);
  end(MemoryDelay::turnaround, latency[DramCause::turnaround]);
  end(MemoryDelay::spacing, latency[DramCause::spacing]);
  end(MemoryDelay::data, latency[DramCause::data]);
  history.until.back() = transfer.left_memory;
  return history;
}

}  // namespace

DramMemory make_dram_memory(const Architecture& architecture) {
  const DramPart part = load_dram_part(dram_part_name(architecture));
  DramControllerSettings controller = architecture.dram.controller;
  controller.ranks = architecture.dram.ranks.value_or(part.organisation.ranks);
  return DramMemory(part, controller, architecture.dram.mapping, architecture.dram.channels);
}

JedecDram::JedecDram(const Architecture& architecture, DramMemory memory,
                     std::vector<std::optional<StoredTensor>> tensors, const MemoryPorts& ports, PortCore& core,
                     Clock clock)
    : architecture_(&architecture),
      memory_(std::move(memory)),
      tensors_(std::move(tensors)),
      ports_(&ports),
      core_(&core),
      clock_(clock),
      dram_clock_(memory_.part().clock_hz),
      shortest_burst_(std::min(memory_.part().parameter("tCL"), memory_.part().parameter("tCWL")) +
                      memory_.part().parameter("tBURST")),
      staging_depth_(staged_bursts_per_channel * memory_.channels().size()) {}

void JedecDram::submit(Transfer& transfer, Picoseconds) {
  JobSlot slot = jobs_.size();
  if (free_jobs_.empty()) {
    jobs_.emplace_back();
  } else {
    slot = free_jobs_.back();
    free_jobs_.pop_back();
  }
  Job& job = jobs_[slot];
  job = Job();
  job.transfer = &transfer;
  const Move& move = transfer.move;
  const StoredTensor& tensor = *tensors_[move.parent];
  job.runs = bursts_of(tensor, words_over_pins(move), memory_.burst_bytes());
  for (const BurstRun run : job.runs) job.bursts += run.count;
  if (job.bursts > most_bursts) {
    throw LimitError(
        fmt::format("a transfer of {} bits is cut into {} bursts of main memory, at most {} are simulated; "
                    "smaller tiles, or a rung below 'dram', take less",
                    std::max(transfer.source_bits, transfer.destination_bits), job.bursts, most_bursts));
  }
  waiting_.push_back(slot);
}

std::optional<JedecDram::JobSlot> JedecDram::most_urgent() const {
  const auto first = std::min_element(waiting_.begin(), waiting_.end(), [&](JobSlot a, JobSlot b) {
    return goes_before(*jobs_[a].transfer, *jobs_[b].transfer);
  });
  return first == waiting_.end() ? std::nullopt : std::optional(*first);
}

/// Reads the next bursts of a write out of the buffer, so that they are there when a queue has room.
void JedecDram::stage(Job& job, Picoseconds now) {
  Transfer& transfer = *job.transfer;
  const auto staged = [&] { return job.offered + static_cast<std::int64_t>(job.staged.size()); };
  while (job.staged.size() < staging_depth_ && staged() < job.bursts) {
    const Picoseconds ready = read_share(transfer, staged() + 1, job.bursts, *core_, *ports_, now);
    job.staged.push_back(ready);
  }
}

bool JedecDram::offer_burst(JobSlot slot, DramCycles now) {
  Job& job = jobs_[slot];
  const BurstRun run = job.runs[job.run];
  DramRequest request;
  request.address = static_cast<std::uint64_t>((run.first + job.within) * memory_.burst_bytes());
  request.write = is_write(*job.transfer);
  request.tag = slot;
  const std::size_t served = column_.size();
  if (!memory_.offer(request, now, column_)) {
    full_ = memory_.channel_of(request.address);
    return false;
  }
  if (observer_ != nullptr) {
    observer_->dram_request(
        {dram_clock_.begin(now), now, request.address, request.write, job.transfer, column_.size() > served});
  }
  ++job.offered;
  if (++job.within == run.count) {
    ++job.run;
    job.within = 0;
  }
  return true;
}

/// The mover goes on with what is most urgent as long as it can.
void JedecDram::offer(Picoseconds now) {
  const DramCycles cycle = dram_clock_.cycle_from(now);
  full_.reset();
  retry_.reset();
  while (const auto slot = most_urgent()) {
    Job& job = jobs_[*slot];
    if (!job.begun && job.transfer->after_copies) {
      retry_ = end_of_copies(*core_, ports_->levels[job.transfer->destination.value], now);
      if (retry_) return;
    }
    if (!job.begun && mover_free_ <= now) {
      job.begun = true;
      mover_free_ = now + clock_.at(Cycle(architecture_->memories.front().transfer_overhead_cycles));
    }
    if (mover_free_ > now) {
      retry_ = mover_free_;
      return;
    }
    const bool write = is_write(*job.transfer);
    while (job.offered < job.bursts) {
      if (write) {
        stage(job, now);
        if (job.staged.front() > now) {
          retry_ = job.staged.front();
          return;
        }
      }
      if (!offer_burst(*slot, cycle)) return;
      if (write) job.staged.pop_front();
    }
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), *slot));
    if (job.bursts == 0) {
      job.transfer->left_memory = clock_.edge(now);
      finish(*slot, now);
    }
  }
}

/// Bursts whose data will be through at a time that is known now.
void JedecDram::collect() {
  for (const DramCompletion& burst : column_) {
    const Picoseconds end = dram_clock_.after(burst.done);
    ends_.push(end, {static_cast<JobSlot>(burst.tag), burst.accepted, burst.latency});
    DramActivity activity;
    (burst.write ? activity.write_bytes : activity.read_bytes) = memory_.burst_bytes();
    activity.row_hits = burst.row == RowOutcome::hit ? 1 : 0;
    activity.row_misses = burst.row == RowOutcome::miss ? 1 : 0;
    activity.row_conflicts = burst.row == RowOutcome::conflict ? 1 : 0;
    series_.add(clock_.edge(end), activity);
  }
  column_.clear();
}

void JedecDram::finish_burst(const BurstEnd& end, Picoseconds now) {
  Job& job = jobs_[end.job];
  Transfer& transfer = *job.transfer;
  ++job.finished;
  const Picoseconds through = move_share(transfer, job.finished, job.bursts, *core_, *ports_, now);
  if (job.finished < job.bursts) return;
  transfer.left_memory = clock_.edge(now);
  transfer.history = history_of(transfer, end.accepted, end.latency, dram_clock_, clock_);
  finish(end.job, through);
}

void JedecDram::finish(JobSlot slot, Picoseconds at) {
  completions_.push(clock_.round_up(at), jobs_[slot].transfer);
  free_jobs_.push_back(slot);
}

void JedecDram::advance(Picoseconds now, std::vector<Transfer*>& done) {
  // A command of this very cycle could still give way to a request that is submitted in it.
  memory_.advance(dram_clock_.cycle_from(now) - DramCycles(1), column_);
  collect();
  while (const auto end = ends_.pop_due(now)) finish_burst(*end, now);
  offer(now);
  collect();
  while (auto transfer = completions_.pop_due(now)) {
    (*transfer)->completed = clock_.edge(now);
    done.push_back(*transfer);
  }
  plan_next();
  report_commands();
  if (observer_ != nullptr) observer_->dram_commands_known(dram_clock_.begin(dram_clock_.cycle_from(now)));
}

/// The memory runs by itself between the calls, so that it has to be looked at only when there may be room for the next
/// burst, or when the first of its data may be through.
void JedecDram::plan_next() {
  next_.reset();
  take_earlier(next_, ends_.next());
  take_earlier(next_, completions_.next());
  take_earlier(next_, retry_);
  if (const auto command = memory_.next_event()) take_earlier(next_, dram_clock_.begin(*command + shortest_burst_));
  if (full_) {
    if (const auto command = memory_.next_event(*full_))
      take_earlier(next_, dram_clock_.begin(*command + DramCycles(1)));
  }
}

void JedecDram::observe(RunObserver* observer) {
  observer_ = observer;
  commands_.assign(memory_.channels().size(), {});
  memory_.record_commands(commands_);
}

void JedecDram::report_commands() {
  for (std::size_t channel = 0; channel < commands_.size(); ++channel) {
    for (const DramCommandRecord& command : commands_[channel]) {
      observer_->dram_command(static_cast<std::uint32_t>(channel), command);
    }
    commands_[channel].clear();
  }
}

DramCounters JedecDram::counters(Picoseconds end) const {
  DramMemory memory = memory_;
  std::vector<DramCompletion> nothing_left;
  memory.advance(dram_clock_.cycle_from(end), nothing_left);
  DramStatistics statistics = memory.statistics();
  statistics.first_acceptance = DramCycles();
  statistics.last_completion = std::max(statistics.last_completion, dram_clock_.cycle_from(end));
  const std::int64_t channels = static_cast<std::int64_t>(memory.channels().size());
  const auto cycles = [&](DramCycles time) {
    return clock_.edge(dram_clock_.after(DramCycles((time.value + channels - 1) / channels))).value;
  };

  DramCounters counters;
  counters.series = series_;
  counters.read_bursts = statistics.reads;
  counters.write_bursts = statistics.writes;
  counters.read_bytes = statistics.reads * memory.burst_bytes();
  counters.write_bytes = statistics.writes * memory.burst_bytes();
  const std::int64_t on_the_bus = statistics.reads - statistics.forwarded_reads + statistics.writes;
  counters.busy_cycles = cycles(memory.part().parameter("tBURST") * on_the_bus);
  JedecCounters& jedec = counters.jedec.emplace();
  jedec.forwarded_reads = statistics.forwarded_reads;
  jedec.row_hits = statistics.row_hits;
  jedec.row_misses = statistics.row_misses;
  jedec.row_conflicts = statistics.row_conflicts;
  jedec.refreshes = statistics.refreshes();
  jedec.refresh_blocked_cycles = cycles(statistics.refresh_blocked);
  jedec.turnaround_cycles = cycles(statistics.turnaround);
  for (const JedecCommand command : jedec_commands) {
    if (statistics.count(command) > 0) jedec.commands.emplace_back(name_of(command), statistics.count(command));
  }
  if (const auto energy = dram_energy(memory.part(), statistics, memory.ranks() * channels)) {
    const auto count = [&](JedecCommand command) { return statistics.count(command); };
    jedec.energy = {
        {"activate", count(JedecCommand::activate), energy->activate},
        {"precharge", statistics.precharges, energy->precharge},
        {"read_burst", count(JedecCommand::read) + count(JedecCommand::read_auto), energy->read},
        {"write_burst", count(JedecCommand::write) + count(JedecCommand::write_auto), energy->write},
        {"refresh", statistics.refreshes(), energy->refresh},
        {"background", clock_.edge(end).value, energy->background},
    };
  }
  return counters;
}

}  // namespace loopsim
