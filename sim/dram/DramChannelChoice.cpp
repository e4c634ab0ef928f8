// Which command a channel sends next.
#include <algorithm>

#include "sim/dram/DramChannel.hpp"

namespace loopsim {

using C = JedecCommand;

namespace {

DramList other(DramList list) {
  return list == DramList::reads ? DramList::writes : DramList::reads;
}

/// In its word of 64 banks.
std::uint64_t bit_of(DramBankId bank) {
  return std::uint64_t(1) << (bank.value % 64);
}

}  // namespace

std::size_t DramChannel::bus_of(JedecCommand command) const {
  return is_column(command) ? buses_ - 1 : 0;
}

/// What the bank needs next: a burst of the open row, or another row.
DramChannel::Candidate DramChannel::candidate(DramList list, DramBankId bank) const {
  const auto wants = [&](DramEntryId id, C command) {
    return Candidate{timing_.earliest_in_bank(command, bank), queue_[id].order, id, command};
  };
  const auto column = [&](DramEntryId id) {
    return wants(id, queue_[id].request.write ? write_command_ : read_command_);
  };
  // The row stays open for the request of the other direction that it was opened for; a burst may use it as long as it
  // does not close it.
  const bool promised = promised_to_other(list, bank);
  if (promised && closes(read_command_)) return {};
  const DramEntryId hit = queue_.first_hit(list, bank);
  const bool in_order = settings_.scheduler == DramScheduler::fcfs;
  const bool capped = settings_.row_hit_cap > 0 && hits_since_open_[bank.value] >= settings_.row_hit_cap;
  if (hit != no_dram_entry && !in_order && !capped) return column(hit);
  if (promised) return {};
  const DramEntryId oldest = queue_.oldest(list, bank);
  if (oldest == no_dram_entry) return {};
  if (oldest == hit) return column(hit);
  return wants(oldest, queue_.open_row(bank) == DramRequestQueue::no_row ? C::activate : C::precharge);
}

void DramChannel::update_candidate(DramList list, DramBankId bank) {
  const auto l = static_cast<std::size_t>(list);
  const Candidate now_wanted = candidate(list, bank);
  candidates_[l][bank.value] = now_wanted;
  const std::uint64_t bit = bit_of(bank);
  std::uint64_t& word = wanting_[l][bank.value / 64];
  word = now_wanted.entry == no_dram_entry ? word & ~bit : word | bit;
}

/// A row was opened for the first of the list that wants it; or its burst was sent, or refresh closed the row.
void DramChannel::set_promised(DramList list, DramBankId bank, bool promised) {
  std::uint64_t& word = promised_[static_cast<std::size_t>(list)][bank.value / 64];
  word = promised ? word | bit_of(bank) : word & ~bit_of(bank);
}

bool DramChannel::promised_to_other(DramList list, DramBankId bank) const {
  return (promised_[static_cast<std::size_t>(other(list))][bank.value / 64] & bit_of(bank)) != 0;
}

void DramChannel::update_candidates(DramBankId bank) {
  update_candidate(DramList::reads, bank);
  update_candidate(DramList::writes, bank);
}

/// Reads go first until the writes press or no read is left; then writes go until few are left.
void DramChannel::choose_list() {
  const std::int64_t reads = ready_[static_cast<std::size_t>(DramList::reads)];
  const std::int64_t writes = ready_[static_cast<std::size_t>(DramList::writes)];
  if (serving_ == DramList::writes) {
    if (writes == 0 || (reads > 0 && writes <= write_low_)) {
      serving_ = DramList::reads;
      drain_wanted_ = false;
    }
  }
  const bool pressing = drain_wanted_ || (settings_.queueing == DramQueueing::shared && writes >= write_high_);
  if (serving_ == DramList::reads && writes > 0 && (reads == 0 || pressing)) {
    serving_ = DramList::writes;
  }
}

DramChannel::Floors DramChannel::floors_of(DramRankId rank, DramGroupId group, bool both) const {
  Floors floors;
  const auto set = [&](C command) {
    const DramCycles bus = std::max(now_, bus_free_[bus_of(command)]);
    floors[index_of(command)] = std::max(bus, timing_.earliest_in_group(command, rank, group));
  };
  set(C::activate);
  set(C::precharge);
  if (serving_ == DramList::reads || both) set(read_command_);
  if (serving_ == DramList::writes || both || settings_.scheduler == DramScheduler::fcfs) set(write_command_);
  return floors;
}

/// Of what can go at the same time: refresh, then bursts before rows, then the oldest. A scan of many banks is fastest
/// without branches, so time and kind are one number.
std::int64_t DramChannel::priority_of(DramCycles time, JedecCommand command) {
  return time.value * 4 + (is_column(command) ? 1 : 2);
}

DramChannel::Favourite DramChannel::favourite(const Decision& decision) {
  if (decision.entry == no_dram_entry) return {decision.time.value * 4, 0, decision.bank, DramList::reads};
  return {priority_of(decision.time, decision.command), decision.order, decision.bank, DramList::reads};
}

void DramChannel::consider_bank(DramList list, DramBankId bank, const Floors& floors, Favourite& best) const {
  const Candidate& wanted = candidates_[static_cast<std::size_t>(list)][bank.value];
  const DramCycles time = std::max(wanted.ready, floors[index_of(wanted.command)]);
  const bool in_turn =
      settings_.scheduler != DramScheduler::fcfs || !is_column(wanted.command) || wanted.order == served_count_;
  const std::int64_t priority = priority_of(time, wanted.command);
  const bool free = time < refresh_.blocked_from(bank);
  const bool better = priority < best.priority || ((priority == best.priority) & (wanted.order < best.order));
  if (better & free & in_turn) best = {priority, wanted.order, bank, list};
}

void DramChannel::take(const Favourite& best, Decision& decision) const {
  const Candidate& wanted = candidates_[static_cast<std::size_t>(best.list)][best.bank.value];
  decision = {DramCycles(best.priority / 4), wanted.command, best.bank, wanted.entry, wanted.order};
}

/// What the banks want for the list that is served; and bursts whose rows were opened for them before the direction
/// changed. To close these rows unused would cost another PRE and ACT.
void DramChannel::consider_requests(Decision& decision) const {
  const DramList waiting = other(serving_);
  const auto& wanting = wanting_[static_cast<std::size_t>(serving_)];
  const auto& promised = promised_[static_cast<std::size_t>(waiting)];
  const std::uint64_t group_mask = (std::uint64_t(2) << (geometry_.banks_in_group - 1)) - 1;
  const Favourite none = favourite(decision);
  Favourite best = none;
  for (std::uint32_t g = 0; g < geometry_.groups(); ++g) {
    // Bank groups are powers of two of banks, at most 64, so none crosses a word.
    const std::uint32_t first = g * geometry_.banks_in_group;
    std::uint64_t wanted = wanting[first / 64] >> (first % 64) & group_mask;
    std::uint64_t kept_open = promised[first / 64] >> (first % 64) & group_mask;
    if ((wanted | kept_open) == 0) continue;
    const Floors floors = floors_of(geometry_.rank_of(DramBankId(first)), DramGroupId(g), kept_open != 0);
    const auto next_bank = [first](std::uint64_t& bits) {
      const DramBankId bank(first + static_cast<std::uint32_t>(__builtin_ctzll(bits)));
      bits &= bits - 1;
      return bank;
    };
    while (wanted != 0) consider_bank(serving_, next_bank(wanted), floors, best);
    while (kept_open != 0) consider_bank(waiting, next_bank(kept_open), floors, best);
  }
  if (best.priority < none.priority) take(best, decision);
}

void DramChannel::consider_refresh(Decision& best) const {
  for (std::uint32_t r = 0; r < geometry_.ranks; ++r) {
    const DramRankId rank(r);
    const DramCycles due = refresh_.due(rank);
    if (due > best.time) continue;
    const DramBankId bank = refresh_.target(rank);
    C command = C::refresh;
    if (refresh_.per_bank()) {
      command = queue_.open_row(bank) == DramRequestQueue::no_row ? C::refresh_bank : C::precharge;
    } else if (open_banks_[r] > 0) {
      command = C::precharge_all;
    }
    const DramCycles time = std::max({due, timing_.earliest(command, bank), now_, bus_free_[bus_of(command)]});
    if (time <= best.time) best = {time, command, bank, no_dram_entry, 0};
  }
}

const DramChannel::Decision& DramChannel::decide() {
  if (decided_) return decision_;
  decision_ = {};
  choose_list();
  consider_requests(decision_);
  consider_refresh(decision_);
  decided_ = true;
  return decision_;
}

}  // namespace loopsim
