#pragma once

#include <vector>

#include "arch/dram/DramControllerSettings.hpp"
#include "arch/dram/DramPart.hpp"
#include "sim/dram/DramGeometry.hpp"

namespace loopsim {

/// When ranks or banks are due for refresh. From then on they take no other commands until they were refreshed. Ranks
/// take turns, so that they are not away together; banks of a rank go round robin.
class DramRefreshSchedule {
 public:
  /// Later than anything; four times as much still fits.
  static constexpr DramCycles never = DramCycles(std::int64_t(1) << 60);

  DramRefreshSchedule(const DramPart& part, const DramGeometry& geometry, DramRefresh mode);

  bool per_bank() const { return mode_ == DramRefresh::per_bank; }
  DramCycles due(DramRankId rank) const { return ranks_[rank.value].due; }
  /// The bank that is next, or the first of the rank.
  DramBankId target(DramRankId rank) const { return ranks_[rank.value].target; }
  /// From then on the bank is kept free.
  DramCycles blocked_from(DramBankId bank) const { return blocked_from_[bank.value]; }

  /// REF or REFpb was sent; returns how long the rank or bank is away, beginning with when it was due.
  DramCycles refreshed(DramRankId rank, DramCycles now);
  /// Lets the refreshes of an idle, closed rank pass that are over before `until`; returns how many.
  std::int64_t skip(DramRankId rank, DramCycles until);
  DramCycles duration() const { return duration_; }

  /// How long the bank was away before `time`; only differences mean something.
  DramCycles blocked_before(DramBankId bank, DramCycles time) const;

 private:
  struct Rank {
    DramCycles due = never;
    DramBankId target;
  };
  /// Of a rank, or of a bank if these are refreshed one by one.
  struct Absences {
    DramCycles before;  ///< the sum of all but the last
    DramCycles begin;   ///< the last, which may lie ahead
    DramCycles end;
  };

  std::uint32_t unit_of(DramBankId bank) const;
  void aim(DramRankId rank);

  DramGeometry geometry_;
  DramRefresh mode_;
  DramCycles interval_;
  DramCycles duration_;
  std::vector<Rank> ranks_;
  std::vector<Absences> absences_;
  std::vector<DramCycles> blocked_from_;
};

}  // namespace loopsim
