#include "sim/dram/DramChannel.hpp"

#include <algorithm>

namespace loopsim {

using C = JedecCommand;

namespace {

std::size_t entries_needed(const DramControllerSettings& settings, const DramGeometry& geometry) {
  const auto depth = static_cast<std::size_t>(settings.queue_depth);
  const std::size_t lists = settings.scheduler == DramScheduler::fcfs ? 1 : dram_list_count;
  return depth * lists * (settings.queueing == DramQueueing::per_bank ? geometry.banks() : 1);
}

}  // namespace

DramChannel::DramChannel(const DramPart& part, const DramControllerSettings& settings)
    : settings_(settings),
      geometry_(part.organisation, settings.ranks),
      burst_cycles_(part.parameter("tBURST")),
      read_delay_(part.parameter("tCL") + part.parameter("tDQSCK")),
      write_delay_(part.parameter("tCWL") + part.parameter("tDQSS")),
      activate_to_read_(part.parameter("tRCDRD")),
      activate_to_write_(part.parameter("tRCDWR")),
      precharge_(part.parameter("tRPpb")),
      read_command_(settings.page == DramPage::closed ? C::read_auto : C::read),
      write_command_(settings.page == DramPage::closed ? C::write_auto : C::write),
      buses_(static_cast<std::size_t>(part.organisation.command_buses)),
      write_high_((settings.queue_depth * settings.write_high_percent + 99) / 100),
      write_low_(settings.queue_depth * settings.write_low_percent / 100),
      timing_(part, geometry_),
      refresh_(part, geometry_, settings.refresh),
      queue_(geometry_.banks(), entries_needed(settings, geometry_)),
      hits_since_open_(geometry_.banks(), 0),
      open_banks_(geometry_.ranks, 0),
      open_since_(geometry_.ranks) {
  for (std::size_t l = 0; l < dram_list_count; ++l) {
    candidates_[l].resize(geometry_.banks());
    wanting_[l].resize((geometry_.banks() + 63) / 64);
    promised_[l].resize(wanting_[l].size());
    bank_occupancy_[l].resize(geometry_.banks());
  }
  held_writes_.reserve(entries_needed(settings, geometry_));
}

DramList DramChannel::list_of(const DramRequest& request) const {
  return request.write && settings_.scheduler == DramScheduler::frfcfs ? DramList::writes : DramList::reads;
}

bool DramChannel::has_room(bool write, DramBankId bank) const {
  const auto l = static_cast<std::size_t>(list_of({0, write, 0}));
  const std::int64_t taken =
      settings_.queueing == DramQueueing::shared ? occupancy_[l] : bank_occupancy_[l][bank.value];
  return taken < settings_.queue_depth;
}

void DramChannel::accept(const DramRequest& request, const DramLocation& location, DramCycles now,
                         std::vector<DramCompletion>& done) {
  now_ = std::max(now_, now);
  if (!statistics_.first_acceptance) statistics_.first_acceptance = now;
  ++(request.write ? statistics_.writes : statistics_.reads);
  const DramList list = list_of(request);
  const bool reorders = settings_.scheduler == DramScheduler::frfcfs;
  const bool held_for_it =
      reorders && std::any_of(held_writes_.begin(), held_writes_.end(), [&](DramEntryId id) {
        const DramLocation& other = queue_[id].location;
        return other.bank == location.bank && other.row == location.row && other.column == location.column;
      });
  if (reorders && !request.write && (held_for_it || queue_.find(DramList::writes, location) != no_dram_entry)) {
    // The data still lie in the controller.
    DramCompletion completion{request.tag, false, now, now + DramCycles(1), {}, RowOutcome::none};
    completion.latency[DramCause::data] = DramCycles(1);
    ++statistics_.forwarded_reads;
    statistics_.read_latency += completion.latency;
    statistics_.last_completion = std::max(statistics_.last_completion, completion.done);
    done.push_back(completion);
    return;
  }

  const DramEntryId id = queue_.take();
  DramEntry& entry = queue_[id];
  entry = {};
  entry.request = request;
  entry.location = location;
  entry.order = accepted_count_++;
  entry.accepted = now;
  entry.charged_until = now;
  entry.refresh_before = refresh_.blocked_before(location.bank, now);
  const auto l = static_cast<std::size_t>(list);
  ++occupancy_[l];
  ++bank_occupancy_[l][location.bank.value];
  ++waiting_;
  if (reorders && request.write && (held_for_it || queue_.find(DramList::reads, location) != no_dram_entry)) {
    held_writes_.push_back(id);
    return;
  }
  ++ready_[l];
  if (request.write && bank_occupancy_[l][location.bank.value] >= write_high_) drain_wanted_ = true;
  queue_.append(list, id);
  update_candidate(list, location.bank);
  if (!decided_) return;
  // Only this bank may want something new.
  const DramList served_before = serving_;
  choose_list();
  if (serving_ != served_before) {
    decided_ = false;
  } else if (list == serving_ && candidates_[l][location.bank.value].entry == id) {
    const Favourite before = favourite(decision_);
    Favourite best = before;
    const DramGroupId group = geometry_.group_of(location.bank);
    consider_bank(list, location.bank, floors_of(geometry_.rank_of(location.bank), group, false), best);
    if (best.priority < before.priority || best.order < before.order) take(best, decision_);
  }
}

std::optional<DramCycles> DramChannel::next_event() {
  if (idle()) return std::nullopt;
  return decide().time;
}

DramStatistics DramChannel::statistics() const {
  DramStatistics statistics = statistics_;
  for (std::uint32_t r = 0; r < geometry_.ranks; ++r) {
    if (open_banks_[r] > 0 && open_since_[r] < statistics.last_completion) {
      statistics.open_time += statistics.last_completion - open_since_[r];
    }
  }
  return statistics;
}

void DramChannel::advance(DramCycles to, std::vector<DramCompletion>& done) {
  while (true) {
    const Decision& next = decide();
    if (next.time > to) break;
    send(next, done);
    if (idle() && next.command >= C::refresh) skip_idle_refreshes(to);
  }
  now_ = std::max(now_, to + DramCycles(1));
}

void DramChannel::skip_idle_refreshes(DramCycles until) {
  for (std::uint32_t r = 0; r < geometry_.ranks; ++r) {
    // An open row must first be closed, in its turn.
    if (open_banks_[r] > 0) continue;
    const std::int64_t skipped = refresh_.skip(DramRankId(r), until);
    if (skipped == 0) continue;
    statistics_.commands[index_of(refresh_.per_bank() ? C::refresh_bank : C::refresh)] += skipped;
    statistics_.refresh_blocked += refresh_.duration() * skipped;
    decided_ = false;
  }
}

/// The time since the last command for the request: first what that command takes, then refresh, then what the binding
/// constraint of this command was good for; in the rest others went first.
void DramChannel::charge_wait(DramEntry& entry, JedecCommand command, DramCycles now) {
  const DramBankId bank = entry.location.bank;
  DramCycles rest = now - entry.charged_until;
  DramCycles from = entry.charged_until;
  const auto charge = [&](DramCause cause, DramCycles cycles) {
    const DramCycles part = std::max(DramCycles(0), std::min(cycles, rest));
    entry.latency[cause] += part;
    rest -= part;
    return part;
  };
  if (entry.commanded && entry.last_command == C::precharge) from += charge(DramCause::precharge, precharge_);
  if (entry.commanded && entry.last_command == C::activate) {
    from += charge(DramCause::activate, entry.request.write ? activate_to_write_ : activate_to_read_);
  }
  if (rest > DramCycles(0)) {
    const DramCycles refreshed = refresh_.blocked_before(bank, now);
    const DramCycles away = charge(DramCause::refresh, refreshed - entry.refresh_before);
    const DramBound bound = timing_.bound(command, bank);
    const DramCycles bound_for = bound.until - std::max(bound.since, from);
    // Refresh of another bank may bind as well.
    charge(bound.cause, bound.cause == DramCause::refresh ? bound_for - away : bound_for);
    charge(DramCause::queue, rest);
    entry.refresh_before = refreshed;
  }
  entry.charged_until = now;
  if (!entry.commanded) {
    entry.row = is_column(command) ? RowOutcome::hit : command == C::activate ? RowOutcome::miss : RowOutcome::conflict;
    ++(entry.row == RowOutcome::hit    ? statistics_.row_hits
       : entry.row == RowOutcome::miss ? statistics_.row_misses
                                       : statistics_.row_conflicts);
  }
  entry.commanded = true;
  entry.last_command = command;
}

void DramChannel::row_opened(DramBankId bank, std::uint32_t row, DramCycles now) {
  queue_.open(bank, row);
  hits_since_open_[bank.value] = 0;
  const std::uint32_t rank = geometry_.rank_of(bank).value;
  if (open_banks_[rank]++ == 0) open_since_[rank] = now;
}

void DramChannel::row_closed(DramBankId bank, DramCycles now) {
  if (queue_.open_row(bank) == DramRequestQueue::no_row) return;
  queue_.close(bank);
  ++statistics_.precharges;
  for (const DramList list : {DramList::reads, DramList::writes}) set_promised(list, bank, false);
  const std::uint32_t rank = geometry_.rank_of(bank).value;
  if (--open_banks_[rank] == 0) statistics_.open_time += now - open_since_[rank];
}

void DramChannel::send(Decision decision, std::vector<DramCompletion>& done) {
  now_ = decision.time;
  bus_free_[bus_of(decision.command)] = now_ + DramCycles(1);
  decided_ = false;
  ++statistics_.commands[index_of(decision.command)];
  if (records_ != nullptr) {
    DramCommandRecord record{now_, decision.command, decision.bank, 0, 0};
    if (decision.entry != no_dram_entry) {
      record.row = queue_[decision.entry].location.row;
      record.column = queue_[decision.entry].location.column;
    }
    records_->push_back(record);
  }
  if (decision.entry != no_dram_entry) charge_wait(queue_[decision.entry], decision.command, now_);
  if (is_column(decision.command)) count_turnaround(decision);
  timing_.issue(decision.command, decision.bank, now_);
  switch (decision.command) {
    case C::activate:
      row_opened(decision.bank, queue_[decision.entry].location.row, now_);
      set_promised(list_of(queue_[decision.entry].request), decision.bank, true);
      update_candidates(decision.bank);
      break;
    case C::precharge:
      row_closed(decision.bank, now_);
      update_candidates(decision.bank);
      break;
    case C::precharge_all: {
      const std::uint32_t first = geometry_.first_bank(geometry_.rank_of(decision.bank)).value;
      for (std::uint32_t b = first; b < first + geometry_.banks_in_rank(); ++b) {
        row_closed(DramBankId(b), now_);
        update_candidates(DramBankId(b));
      }
      break;
    }
    case C::refresh:
    case C::refresh_bank:
      statistics_.refresh_blocked += refresh_.refreshed(geometry_.rank_of(decision.bank), now_);
      update_candidates(decision.bank);
      break;
    default:
      send_column(decision, done);
      break;
  }
}

void DramChannel::send_column(const Decision& decision, std::vector<DramCompletion>& done) {
  DramEntry& entry = queue_[decision.entry];
  const DramLocation location = entry.location;
  const bool write = entry.request.write;
  const DramList list = list_of(entry.request);
  const DramCycles end = now_ + (write ? write_delay_ : read_delay_) + burst_cycles_;
  entry.latency[DramCause::data] += end - now_;
  done.push_back({entry.request.tag, write, entry.accepted, end, entry.latency, entry.row});
  (write ? statistics_.write_latency : statistics_.read_latency) += entry.latency;
  statistics_.last_completion = std::max(statistics_.last_completion, end);
  data_end_ = end;

  set_promised(list, location.bank, false);
  queue_.remove_first(list, decision.entry);
  queue_.release(decision.entry);
  const auto l = static_cast<std::size_t>(list);
  --occupancy_[l];
  --bank_occupancy_[l][location.bank.value];
  --ready_[l];
  --waiting_;
  ++served_count_;
  ++hits_since_open_[location.bank.value];
  if (closes(decision.command)) row_closed(location.bank, now_);
  update_candidates(location.bank);
  if (!write && !held_writes_.empty()) release_writes_after(location);
}

/// Writes that waited for the last read of that burst join the others.
void DramChannel::release_writes_after(const DramLocation& location) {
  if (queue_.find(DramList::reads, location) != no_dram_entry) return;
  const auto was_released = [&](DramEntryId id) {
    const DramLocation& other = queue_[id].location;
    const bool same = other.bank == location.bank && other.row == location.row && other.column == location.column;
    if (same) {
      queue_.append(DramList::writes, id);
      ++ready_[static_cast<std::size_t>(DramList::writes)];
    }
    return same;
  };
  held_writes_.erase(std::remove_if(held_writes_.begin(), held_writes_.end(), was_released), held_writes_.end());
  update_candidate(DramList::writes, location.bank);
}

void DramChannel::count_turnaround(const Decision& decision) {
  const DramBound bound = timing_.bound(decision.command, decision.bank);
  if (bound.cause != DramCause::turnaround || bound.until != now_) return;
  const DramCycles begin = now_ + (is_write(decision.command) ? write_delay_ : read_delay_);
  if (begin > data_end_) statistics_.turnaround += begin - data_end_;
}

}  // namespace loopsim
