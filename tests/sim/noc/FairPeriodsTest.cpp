// How flows share links that cannot carry all of them.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/noc/FairPeriods.hpp"

namespace loopsim {
namespace {

TEST(FairPeriods, StayWhereAllFits) {
  EXPECT_EQ(fair_periods({{{0, 3}}, {{0, 5}}}, {Cycle(6), Cycle(10)}), (std::vector{Cycle(6), Cycle(10)}));
}

TEST(FairPeriods, EqualOnesShareALink) {
  EXPECT_EQ(fair_periods({{{0, 1}}, {{0, 1}}, {{0, 1}}}, {Cycle(1), Cycle(1), Cycle(1)}),
            (std::vector{Cycle(3), Cycle(3), Cycle(3)}));
  EXPECT_EQ(fair_periods({{{0, 4}}, {{0, 7}}}, {Cycle(4), Cycle(7)}), (std::vector{Cycle(8), Cycle(14)}));
}

TEST(FairPeriods, OneThatAsksForLittleIsNotLengthened) {
  EXPECT_EQ(fair_periods({{{0, 10}}, {{0, 90}}}, {Cycle(100), Cycle(90)}), (std::vector{Cycle(100), Cycle(100)}));
}

TEST(FairPeriods, OneThatIsLengthenedLeavesRoomElsewhere) {
  // Half of link 0 each, so that three quarters of link 1 are left to the third: in whole cycles, a half.
  const std::vector<Cycle> periods =
      fair_periods({{{0, 2}}, {{0, 2}, {1, 1}}, {{1, 1}}}, {Cycle(2), Cycle(2), Cycle(1)});
  EXPECT_EQ(periods, (std::vector{Cycle(4), Cycle(4), Cycle(2)}));
}

RC_GTEST_PROP(FairPeriods, NoLinkIsAskedForMoreThanItHas, ()) {
  const auto flows = *rc::gen::inRange<std::size_t>(1, 8);
  std::vector<std::vector<LinkDemand>> demands(flows);
  std::vector<Cycle> own;
  for (std::vector<LinkDemand>& demand : demands) {
    std::int64_t most = 1;
    for (std::size_t link = 0; link < 5; ++link) {
      if (*rc::gen::inRange(0, 2) == 0) continue;
      demand.push_back({link, *rc::gen::inRange<std::int64_t>(1, 1000)});
      most = std::max(most, demand.back().cycles);
    }
    own.emplace_back(most + *rc::gen::inRange<std::int64_t>(0, 500));
  }
  const std::vector<Cycle> periods = fair_periods(demands, own);
  std::vector<double> asked(5);
  for (std::size_t f = 0; f < flows; ++f) {
    RC_ASSERT(own[f] <= periods[f]);
    for (const LinkDemand& demand : demands[f]) {
      asked[demand.link] += static_cast<double>(demand.cycles) / static_cast<double>(periods[f].value);
    }
  }
  for (std::size_t link = 0; link < 5; ++link) RC_ASSERT(asked[link] <= 1 + 1e-9);
}

}  // namespace
}  // namespace loopsim
