#include "sim/dram/DramRefreshSchedule.hpp"

#include <algorithm>

namespace loopsim {

DramRefreshSchedule::DramRefreshSchedule(const DramPart& part, const DramGeometry& geometry, DramRefresh mode)
    : geometry_(geometry),
      mode_(mode),
      interval_(part.parameter(mode == DramRefresh::per_bank ? "tREFIpb" : "tREFI")),
      duration_(part.parameter(mode == DramRefresh::per_bank ? "tRFCpb" : "tRFC")),
      ranks_(geometry.ranks),
      absences_(mode == DramRefresh::per_bank ? geometry.banks() : geometry.ranks),
      blocked_from_(geometry.banks(), never) {
  for (std::uint32_t r = 0; r < geometry.ranks; ++r) {
    ranks_[r].target = geometry.first_bank(DramRankId(r));
    if (mode == DramRefresh::off) continue;
    ranks_[r].due = DramCycles(interval_.value + interval_.value * r / geometry.ranks);
    aim(DramRankId(r));
  }
}

std::uint32_t DramRefreshSchedule::unit_of(DramBankId bank) const {
  return per_bank() ? bank.value : geometry_.rank_of(bank).value;
}

/// Blocks what is next.
void DramRefreshSchedule::aim(DramRankId rank) {
  const Rank& r = ranks_[rank.value];
  if (per_bank()) {
    blocked_from_[r.target.value] = r.due;
    return;
  }
  const std::uint32_t first = geometry_.first_bank(rank).value;
  std::fill_n(blocked_from_.begin() + first, geometry_.banks_in_rank(), r.due);
}

DramCycles DramRefreshSchedule::refreshed(DramRankId rank, DramCycles now) {
  Rank& r = ranks_[rank.value];
  Absences& absences = absences_[unit_of(r.target)];
  absences.before += absences.end - absences.begin;
  absences.begin = std::max(r.due, absences.end);
  absences.end = now + duration_;
  const DramCycles away = absences.end - absences.begin;
  blocked_from_[r.target.value] = never;
  r.due += interval_;
  if (per_bank()) {
    const std::uint32_t first = geometry_.first_bank(rank).value;
    r.target = DramBankId(first + (r.target.value - first + 1) % geometry_.banks_in_rank());
  }
  aim(rank);
  return away;
}

std::int64_t DramRefreshSchedule::skip(DramRankId rank, DramCycles until) {
  Rank& r = ranks_[rank.value];
  // Whole rounds, so that the same bank is next; the last ones are left to be sent.
  const std::int64_t round = per_bank() ? geometry_.banks_in_rank() : 1;
  const std::int64_t rounds = (until - r.due).value / (interval_.value * round) - 2;
  if (rounds <= 0) return 0;
  r.due += interval_ * (rounds * round);
  aim(rank);
  return rounds * round;
}

DramCycles DramRefreshSchedule::blocked_before(DramBankId bank, DramCycles time) const {
  const Absences& absences = absences_[unit_of(bank)];
  DramCycles sum = absences.before;
  const DramCycles end = std::min(absences.end, time);
  if (absences.begin < end) sum += end - absences.begin;
  const DramCycles waiting = std::max(blocked_from_[bank.value], absences.end);
  if (waiting < time) sum += time - waiting;
  return sum;
}

}  // namespace loopsim
