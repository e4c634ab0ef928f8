#pragma once

#include "arch/dram/DramPart.hpp"
#include "base/Ids.hpp"

namespace loopsim {

/// Positions within one channel, counted flat: rank r has the bank groups r·g … r·g + g-1, these their banks.
using DramRankId = Id<struct DramRankKind>;
using DramGroupId = Id<struct DramGroupKind>;
using DramBankId = Id<struct DramBankKind>;

/// Sizes of one channel.
struct DramGeometry {
  std::uint32_t ranks = 1;
  std::uint32_t groups_in_rank = 1;
  std::uint32_t banks_in_group = 1;

  explicit DramGeometry(const DramOrganisation& organisation, std::int64_t ranks_in_channel)
      : ranks(static_cast<std::uint32_t>(ranks_in_channel)),
        groups_in_rank(static_cast<std::uint32_t>(organisation.bank_groups)),
        banks_in_group(static_cast<std::uint32_t>(organisation.banks)) {}

  std::uint32_t groups() const { return ranks * groups_in_rank; }
  std::uint32_t banks_in_rank() const { return groups_in_rank * banks_in_group; }
  std::uint32_t banks() const { return groups() * banks_in_group; }
  DramGroupId group_of(DramBankId bank) const { return DramGroupId(bank.value / banks_in_group); }
  DramRankId rank_of(DramBankId bank) const { return DramRankId(bank.value / banks_in_rank()); }
  DramBankId first_bank(DramRankId rank) const { return DramBankId(rank.value * banks_in_rank()); }
};

}  // namespace loopsim
