#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "base/Quantity.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

template <class Action>
std::string overflow(Action action) {
  try {
    action();
  } catch (const OverflowError& error) {
    return error.what();
  }
  return "";
}

TEST(Quantity, WhatFitsIsExact) {
  EXPECT_EQ((Picoseconds(most - 1) + Picoseconds(1)).value, most);
  EXPECT_EQ((Cycle(-most) - Cycle(1)).value, -most - 1);
  EXPECT_EQ((Cycle(most / 3) * 3).value, most / 3 * 3);
}

TEST(Quantity, WhatDoesNotFitIsAnErrorAndNoOtherTime) {
  EXPECT_THAT(overflow([] { return Picoseconds(most) + Picoseconds(1); }), HasSubstr("the simulated time exceeds"));
  EXPECT_THAT(overflow([] { return Picoseconds(most / 2 + 1) * 2; }), HasSubstr("2^63 - 1 ps"));
  EXPECT_THAT(overflow([] { return Cycle(-most) - Cycle(2); }), HasSubstr("number of cycles"));
  Picoseconds time(most);
  EXPECT_THROW(time += Picoseconds(1), OverflowError);
}

TEST(Quantity, NarrowingIsChecked) {
  EXPECT_EQ(narrowed<struct PicosecondsUnit>(WideCount(most)).value, most);
  EXPECT_THROW(narrowed<struct PicosecondsUnit>(WideCount(most) + 1), OverflowError);
}

TEST(CheckedMath, CeilingsAndSharesOfLargeNumbers) {
  EXPECT_EQ(ceil_divide(most, 2), most / 2 + 1);
  EXPECT_EQ(ceil_divide(0, 8), 0);
  EXPECT_EQ(ceil_divide(-5, 3), -1);
  EXPECT_EQ(share_of(most, 1, 3), most / 3);
  EXPECT_EQ(share_of(most, most, most), most);
}

}  // namespace
}  // namespace loopsim
