// One cycle early is refused, on time is accepted.
#include <algorithm>
#include <gtest/gtest.h>

#include "arch/dram/DramPartLoader.hpp"
#include "sim/dram/DramTiming.hpp"

namespace loopsim {
namespace {

using C = JedecCommand;

constexpr DramCycles start(10'000);

enum class Relation { same_bank, same_group, same_rank, other_rank };
constexpr Relation relations[] = {Relation::same_bank, Relation::same_group, Relation::same_rank, Relation::other_rank};

const char* text_of(Relation relation) {
  constexpr const char* texts[] = {"same bank", "same bank group", "same rank", "other rank"};
  return texts[static_cast<int>(relation)];
}

/// A bank that stands in this relation to bank 0.
DramBankId bank_in(Relation relation, const DramGeometry& geometry) {
  switch (relation) {
    case Relation::same_bank:
      return DramBankId(0);
    case Relation::same_group:
      return DramBankId(1);
    case Relation::same_rank:
      return DramBankId(geometry.banks_in_group);
    case Relation::other_rank:
      break;
  }
  return DramBankId(geometry.banks_in_rank());
}

bool exists(Relation relation, const DramGeometry& geometry) {
  return relation != Relation::same_rank || geometry.groups_in_rank > 1;
}

void expect_pair(const DramTiming& timing, C following, DramBankId bank, DramCycles on_time) {
  EXPECT_FALSE(timing.allowed(following, bank, on_time - DramCycles(1))) << "one cycle early";
  EXPECT_TRUE(timing.allowed(following, bank, on_time))
      << "on time, earliest " << timing.earliest(following, bank).value;
}

TEST(DramTiming, NothingIsForbiddenAtFirst) {
  for (const DramPartText& text : shipped_dram_parts()) {
    const DramPart part = load_dram_part(std::string(text.name));
    const DramTiming timing(part, DramGeometry(part.organisation, 1));
    for (const C command : jedec_commands) EXPECT_TRUE(timing.allowed(command, DramBankId(0), DramCycles(0)));
  }
}

// What JESD79-4 says for 2400 17-17-17, in numbers, not from the part's file.
TEST(DramTiming, Ddr4FiguresByHand) {
  const DramPart part = load_dram_part("ddr4-2400-17");
  const DramGeometry geometry(part.organisation, 2);
  struct Case {
    C preceding;
    C following;
    Relation relation;
    int cycles;
  };
  const Case cases[] = {
      {C::activate, C::read, Relation::same_bank, 17},
      {C::activate, C::read_auto, Relation::same_bank, 17},
      {C::activate, C::write, Relation::same_bank, 17},
      {C::activate, C::write_auto, Relation::same_bank, 17},
      {C::activate, C::precharge, Relation::same_bank, 39},
      {C::activate, C::activate, Relation::same_bank, 56},
      {C::activate, C::activate, Relation::same_group, 6},
      {C::activate, C::activate, Relation::same_rank, 4},
      {C::activate, C::precharge_all, Relation::same_rank, 39},
      {C::activate, C::refresh, Relation::same_rank, 56},
      {C::precharge, C::activate, Relation::same_bank, 17},
      {C::precharge, C::refresh, Relation::same_rank, 17},
      {C::precharge_all, C::activate, Relation::same_rank, 17},
      {C::precharge_all, C::refresh, Relation::same_rank, 17},
      {C::read, C::read, Relation::same_bank, 6},
      {C::read, C::read, Relation::same_group, 6},
      {C::read, C::read, Relation::same_rank, 4},
      {C::read, C::read_auto, Relation::same_rank, 4},
      {C::read, C::read, Relation::other_rank, 5},   // 4 of data, 1 to change
      {C::read, C::write, Relation::same_bank, 11},  // 17 + 4 + 2 - 12
      {C::read, C::write, Relation::same_rank, 11},
      {C::read, C::write, Relation::other_rank, 10},  // 17 + 4 + 1 - 12
      {C::read, C::precharge, Relation::same_bank, 9},
      {C::read, C::precharge_all, Relation::same_rank, 9},
      {C::read_auto, C::activate, Relation::same_bank, 26},  // 9 + 17
      {C::read_auto, C::refresh, Relation::same_rank, 26},
      {C::write, C::write, Relation::same_bank, 6},
      {C::write, C::write, Relation::same_rank, 4},
      {C::write, C::write, Relation::other_rank, 5},
      {C::write, C::read, Relation::same_bank, 25},  // 12 + 4 + 9
      {C::write, C::read, Relation::same_group, 25},
      {C::write, C::read, Relation::same_rank, 19},       // 12 + 4 + 3
      {C::write, C::precharge, Relation::same_bank, 34},  // 12 + 4 + 18
      {C::write, C::precharge_all, Relation::same_rank, 34},
      {C::write_auto, C::activate, Relation::same_bank, 51},  // 12 + 4 + 18 + 17
      {C::write_auto, C::refresh, Relation::same_rank, 51},
      {C::write_auto, C::read, Relation::same_rank, 19},
      {C::refresh, C::activate, Relation::same_bank, 420},
      {C::refresh, C::activate, Relation::same_rank, 420},
      {C::refresh, C::refresh, Relation::same_rank, 420},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << name_of(c.preceding) << " to " << name_of(c.following) << ", "
                                      << text_of(c.relation));
    DramTiming timing(part, geometry);
    timing.issue(c.preceding, DramBankId(0), start);
    expect_pair(timing, c.following, bank_in(c.relation, geometry), start + DramCycles(c.cycles));
  }
}

TEST(DramTiming, Ddr4WhatDoesNotBind) {
  const DramPart part = load_dram_part("ddr4-2400-17");
  const DramGeometry geometry(part.organisation, 2);
  struct Case {
    C preceding;
    C following;
    Relation relation;
  };
  for (const Case& c :
       {Case{C::activate, C::read, Relation::same_group}, Case{C::activate, C::activate, Relation::other_rank},
        Case{C::activate, C::precharge, Relation::same_group}, Case{C::precharge, C::activate, Relation::same_group},
        Case{C::read, C::precharge, Relation::same_group}, Case{C::read, C::activate, Relation::same_bank},
        Case{C::write, C::read, Relation::other_rank},  // 12 + 4 + 1 - 17 = 0: the bus alone
        Case{C::refresh, C::activate, Relation::other_rank}, Case{C::refresh, C::read, Relation::other_rank}}) {
    SCOPED_TRACE(::testing::Message() << name_of(c.preceding) << " to " << name_of(c.following) << ", "
                                      << text_of(c.relation));
    DramTiming timing(part, geometry);
    timing.issue(c.preceding, DramBankId(0), start);
    EXPECT_TRUE(timing.allowed(c.following, bank_in(c.relation, geometry), start));
  }
}

TEST(DramTiming, FifthActivateWaitsForTheWindow) {
  const DramPart part = load_dram_part("ddr4-2400-17");
  const DramGeometry geometry(part.organisation, 2);
  DramTiming timing(part, geometry);
  // tRRD_S apart in four bank groups; the fifth would be allowed after 16 cycles but for tFAW.
  for (std::uint32_t i = 0; i < 4; ++i) {
    const DramBankId bank(i * 4);
    const DramCycles now = start + DramCycles(4 * i);
    ASSERT_TRUE(timing.allowed(C::activate, bank, now)) << i;
    timing.issue(C::activate, bank, now);
  }
  expect_pair(timing, C::activate, DramBankId(1), start + DramCycles(26));
  EXPECT_TRUE(timing.allowed(C::activate, DramBankId(16), start + DramCycles(13))) << "the other rank has its own";
  timing.issue(C::activate, DramBankId(1), start + DramCycles(26));
  // Second to fifth are a window as well.
  expect_pair(timing, C::activate, DramBankId(5), start + DramCycles(4 + 26));
}

bool contains(const std::vector<C>& commands, C command) {
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

bool holds_at(const DramConstraint& row, Relation relation) {
  if (row.sibling) return relation == Relation::other_rank;
  switch (row.level) {
    case DramLevel::channel:
      return true;
    case DramLevel::rank:
      return relation != Relation::other_rank;
    case DramLevel::bank_group:
      return relation == Relation::same_bank || relation == Relation::same_group;
    case DramLevel::bank:
      break;
  }
  return relation == Relation::same_bank;
}

class DramTimingOfParts : public ::testing::TestWithParam<std::string> {};

/// Every row of a part's table, at every place it holds: the longest one for a pair of commands decides.
TEST_P(DramTimingOfParts, EveryRowHoldsToTheCycle) {
  const DramPart part = load_dram_part(GetParam());
  const DramGeometry geometry(part.organisation, 2);
  int pairs = 0;
  for (const DramConstraint& row : part.constraints) {
    for (const C preceding : row.preceding) {
      for (const C following : row.following) {
        for (const Relation relation : relations) {
          if (!exists(relation, geometry) || !holds_at(row, relation)) continue;
          DramCycles longest;
          for (const DramConstraint& other : part.constraints) {
            const bool same_pair = contains(other.preceding, preceding) && contains(other.following, following);
            if (same_pair && other.window == 1 && holds_at(other, relation)) longest = std::max(longest, other.cycles);
          }
          SCOPED_TRACE(::testing::Message() << name_of(preceding) << " to " << name_of(following) << ", "
                                            << text_of(relation) << ": " << row.formula);
          DramTiming timing(part, geometry);
          for (int i = 0; i < row.window; ++i) timing.issue(preceding, DramBankId(0), start);
          const DramCycles cycles = row.window > 1 ? std::max(row.cycles, longest) : longest;
          expect_pair(timing, following, bank_in(relation, geometry), start + cycles);
          EXPECT_GE(cycles, row.cycles);
          ++pairs;
        }
      }
    }
  }
  EXPECT_GT(pairs, 100);
}

TEST_P(DramTimingOfParts, BoundNamesTheRow) {
  const DramPart part = load_dram_part(GetParam());
  const DramGeometry geometry(part.organisation, 1);
  DramTiming timing(part, geometry);
  timing.issue(C::activate, DramBankId(0), start);
  DramBound bound = timing.bound(C::read, DramBankId(0));
  EXPECT_EQ(bound.cause, DramCause::activate);
  EXPECT_EQ(bound.since, start);
  EXPECT_EQ(bound.until, start + part.parameter("tRCDRD"));
  EXPECT_EQ(timing.bound(C::activate, DramBankId(1)).cause, DramCause::spacing);
  EXPECT_EQ(timing.bound(C::precharge, DramBankId(0)).cause, DramCause::precharge);
  timing.issue(C::read, DramBankId(0), bound.until);
  EXPECT_EQ(timing.bound(C::read, DramBankId(0)).cause, DramCause::spacing);
  EXPECT_EQ(timing.bound(C::write, DramBankId(0)).cause, DramCause::turnaround);
  timing.issue(C::refresh, DramBankId(0), DramCycles(20'000));
  EXPECT_EQ(timing.bound(C::activate, DramBankId(0)).cause, DramCause::refresh);
}

std::vector<std::string> part_names() {
  std::vector<std::string> names;
  for (const DramPartText& part : shipped_dram_parts()) names.emplace_back(part.name);
  return names;
}
std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, DramTimingOfParts, ::testing::ValuesIn(part_names()), test_name);

}  // namespace
}  // namespace loopsim
