#include <gtest/gtest.h>

#include "sim/sequencer/SpaceAhead.hpp"

namespace loopsim {
namespace {

constexpr LevelId buffer{1};

/// A buffer of 100 bits, of which the schedule needs 60 at least.
struct SpaceAheadTest : ::testing::Test {
  SpaceAheadTest() {
    architecture.memories.resize(2);
    architecture.memories[1].size_bits = 100;
  }
  static Plan plan_of(std::int64_t time, std::int64_t bits, std::int64_t kept = 0) {
    Plan plan;
    plan.time = {time};
    plan.bits[{buffer, {}}] = bits;
    if (kept > 0) plan.kept[{buffer, {}}] = kept;
    return plan;
  }

  Architecture architecture;
  SpaceAhead ahead{architecture, {{buffer, 60}}};
};

TEST_F(SpaceAheadTest, IsWhatTheScheduleDoesNotNeed) {
  EXPECT_FALSE(ahead.take(plan_of(1, 30)));
  EXPECT_EQ(ahead.take(plan_of(2, 20)), buffer);
  EXPECT_FALSE(ahead.take(plan_of(2, 10))) << "what was refused has taken nothing";
}

TEST_F(SpaceAheadTest, ComesBackWithTheTurn) {
  ahead.take(plan_of(1, 40));
  EXPECT_EQ(ahead.take(plan_of(2, 1)), buffer);
  ahead.come_to(TimeIndex{0});
  EXPECT_EQ(ahead.take(plan_of(2, 1)), buffer);
  ahead.come_to(TimeIndex{1});
  EXPECT_FALSE(ahead.take(plan_of(2, 40)));
  ahead.come_to(std::nullopt);
  EXPECT_FALSE(ahead.take(plan_of(3, 40)));
}

TEST_F(SpaceAheadTest, WhatIsKeptLongerThanInOrderCounts) {
  EXPECT_EQ(ahead.take(plan_of(1, 30, 11)), buffer);
  EXPECT_FALSE(ahead.take(plan_of(1, 30, 10)));
}

TEST_F(SpaceAheadTest, AnInstanceHoldsWhatLiesAboveItsLoopsToo) {
  Plan plan = plan_of(1, 20);
  plan.bits[{buffer, {0}}] = 15;
  plan.bits[{buffer, {1}}] = 21;
  EXPECT_EQ(ahead.take(plan), buffer) << "20 + 21";
  plan.bits[{buffer, {1}}] = 20;
  EXPECT_FALSE(ahead.take(plan));
}

TEST_F(SpaceAheadTest, WithoutASizeThereIsAlwaysRoom) {
  architecture.memories[1].size_bits.reset();
  EXPECT_FALSE(ahead.take(plan_of(1, 1'000'000)));
}

}  // namespace
}  // namespace loopsim
