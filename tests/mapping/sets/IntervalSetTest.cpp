#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "mapping/sets/IntervalSet.hpp"
#include "tests/mapping/Points.hpp"

namespace loopsim {
namespace {

using Elements = std::set<Coordinate>;

IntervalSet set_of(std::initializer_list<Interval> runs) {
  IntervalSet set;
  for (Interval run : runs) set.append(run);
  return set;
}

/// Fails when the runs are not sorted, overlap, touch or are empty.
Elements elements_of(const IntervalSet& set) {
  Elements elements;
  const Interval* before = nullptr;
  for (const Interval& run : set.runs()) {
    RC_ASSERT(run.low < run.high);
    if (before != nullptr) RC_ASSERT(before->high < run.low);
    before = &run;
    for (Coordinate x = run.low; x < run.high; ++x) elements.insert(x);
  }
  return elements;
}

TEST(IntervalSet, AnIntervalTheWrongWayRoundIsEmpty) {
  EXPECT_TRUE(IntervalSet(3, 3).empty());
  EXPECT_TRUE(IntervalSet(4, 3).empty());
  EXPECT_EQ(IntervalSet(4, 3).size(), 0);
  EXPECT_EQ(IntervalSet(4, 3), IntervalSet());
}

TEST(IntervalSet, AppendJoinsRunsThatTouch) {
  IntervalSet set = set_of({{0, 2}, {2, 4}, {5, 6}, {6, 6}});
  ASSERT_EQ(set.runs().size(), 2u);
  EXPECT_EQ(set.runs()[0], (Interval{0, 4}));
  EXPECT_EQ(set.runs()[1], (Interval{5, 6}));
  EXPECT_EQ(set.size(), 5);
  EXPECT_EQ(set.least(), 0);
  EXPECT_EQ(set.greatest(), 5);
}

TEST(IntervalSet, SubtractionLeavesThePartsOnBothSides) {
  EXPECT_EQ(subtract(IntervalSet(0, 10), IntervalSet(3, 5)), set_of({{0, 3}, {5, 10}}));
  EXPECT_EQ(subtract(IntervalSet(0, 10), IntervalSet(-5, 20)), IntervalSet());
  EXPECT_EQ(subtract(set_of({{0, 2}, {4, 6}, {8, 10}}), IntervalSet(1, 9)), set_of({{0, 1}, {9, 10}}));
}

TEST(IntervalSet, ScalingLeavesGaps) {
  EXPECT_EQ(scale(IntervalSet(1, 4), 3), set_of({{3, 4}, {6, 7}, {9, 10}}));
  EXPECT_EQ(scale(IntervalSet(1, 4), -1), IntervalSet(-3, 0));
  EXPECT_EQ(scale(IntervalSet(1, 3), -2), set_of({{-4, -3}, {-2, -1}}));
}

TEST(IntervalSet, AStridedWindowFillsItsGapsWhenTheKernelIsWideEnough) {
  const IntervalSet strided = scale(IntervalSet(0, 4), 2);
  EXPECT_EQ(minkowski_sum(strided, IntervalSet(0, 2)), IntervalSet(0, 8));
  EXPECT_EQ(minkowski_sum(strided, IntervalSet(0, 1)), strided);
}

TEST(IntervalSet, TheSumWithNothingIsNothing) {
  EXPECT_TRUE(minkowski_sum(IntervalSet(), IntervalSet(0, 4)).empty());
  EXPECT_TRUE(minkowski_sum(set_of({{0, 1}, {2, 3}}), IntervalSet()).empty());
}

RC_GTEST_PROP(IntervalSetProperty, IsTheSetOfItsElements, ()) {
  constexpr Coordinate limit = 9;
  const IntervalSet set = any_interval_set(limit);
  const Elements elements = elements_of(set);
  RC_ASSERT(set.size() == static_cast<std::int64_t>(elements.size()));
  RC_ASSERT(set.empty() == elements.empty());
  for (Coordinate x = -limit - 2; x <= limit + 2; ++x) RC_ASSERT(set.contains(x) == (elements.count(x) != 0));
  if (!elements.empty()) {
    RC_ASSERT(set.least() == *elements.begin());
    RC_ASSERT(set.greatest() == *elements.rbegin());
  }
}

RC_GTEST_PROP(IntervalSetProperty, SetAlgebraIsThatOfTheElements, ()) {
  constexpr Coordinate limit = 9;
  const IntervalSet a = any_interval_set(limit);
  const IntervalSet b = any_interval_set(limit);
  const Elements x = elements_of(a);
  const Elements y = elements_of(b);
  Elements both;
  Elements either = y;
  Elements only_a;
  for (Coordinate e : x) {
    either.insert(e);
    (y.count(e) != 0 ? both : only_a).insert(e);
  }
  RC_ASSERT(elements_of(intersect(a, b)) == both);
  RC_ASSERT(elements_of(unite(a, b)) == either);
  RC_ASSERT(elements_of(subtract(a, b)) == only_a);
  RC_ASSERT(intersects(a, b) == !both.empty());
  RC_ASSERT(includes(b, a) == only_a.empty());
  RC_ASSERT((a == b) == (x == y));
  RC_ASSERT((a != b) == (x != y));
}

RC_GTEST_PROP(IntervalSetProperty, ArithmeticIsThatOfTheElements, ()) {
  const IntervalSet a = any_interval_set(7);
  const IntervalSet b = any_interval_set(7);
  const std::int64_t offset = any_between(-5, 5);
  std::int64_t factor = any_between(-3, 3);
  if (factor == 0) factor = 4;
  Elements shifted;
  Elements scaled;
  Elements sums;
  for (Coordinate x : elements_of(a)) {
    shifted.insert(x + offset);
    scaled.insert(x * factor);
    for (Coordinate y : elements_of(b)) sums.insert(x + y);
  }
  RC_ASSERT(elements_of(shift(a, offset)) == shifted);
  RC_ASSERT(elements_of(scale(a, factor)) == scaled);
  RC_ASSERT(elements_of(minkowski_sum(a, b)) == sums);
}

}  // namespace
}  // namespace loopsim
