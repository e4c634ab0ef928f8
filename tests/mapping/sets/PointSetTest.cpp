#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mapping/sets/PointSet.hpp"
#include "tests/mapping/Points.hpp"

namespace loopsim {
namespace {

Box box_of(std::initializer_list<Interval> sides) {
  Box box;
  for (Interval side : sides) box.dimensions.emplace_back(side.low, side.high);
  return box;
}

/// Smaller coordinates in more dimensions, so that enumeration stays quick.
struct Space {
  std::size_t dimensions;
  Coordinate limit;
};
Space any_space() {
  static const Space spaces[] = {{1, 8}, {2, 5}, {3, 3}, {4, 2}};
  return spaces[any_between(0, 3)];
}

TEST(PointSet, WithoutDimensionsIsOnePoint) {
  PointSet scalar{Box()};
  EXPECT_FALSE(scalar.empty());
  EXPECT_EQ(scalar.size(), 1);
  scalar.unite(Box());
  EXPECT_EQ(scalar.size(), 1);
  scalar.subtract(Box());
  EXPECT_TRUE(scalar.empty());
}

TEST(PointSet, AnEmptyBoxAddsNothing) {
  PointSet set(box_of({{0, 4}, {2, 2}}));
  EXPECT_TRUE(set.empty());
  set.unite(box_of({{1, 1}, {0, 3}}));
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set, PointSet());
}

TEST(PointSet, NeighboursBecomeOneBox) {
  PointSet set(box_of({{0, 2}, {0, 4}}));
  set.unite(box_of({{2, 5}, {0, 4}}));
  ASSERT_EQ(set.boxes().size(), 1u);
  EXPECT_EQ(set.boxes().front(), box_of({{0, 5}, {0, 4}}));
}

TEST(PointSet, ASlidingWindowStaysOneBox) {
  PointSet held(box_of({{0, 4}, {0, 8}}));
  for (Coordinate row = 1; row < 20; ++row) {
    held.unite(box_of({{row, row + 4}, {0, 8}}));
    held.subtract(box_of({{row - 1, row}, {0, 8}}));
    ASSERT_EQ(held.boxes().size(), 1u) << row;
    ASSERT_EQ(held.size(), 32) << row;
  }
}

TEST(PointSet, TheRestOfASquareWithoutItsMiddle) {
  PointSet ring(box_of({{0, 5}, {0, 5}}));
  ring.subtract(box_of({{1, 4}, {1, 4}}));
  EXPECT_EQ(ring.size(), 16);
  EXPECT_EQ(bounds(ring)[0], (Interval{0, 5}));
  EXPECT_FALSE(includes(ring, PointSet(box_of({{2, 3}, {2, 3}}))));
  ring.unite(box_of({{1, 4}, {1, 4}}));
  EXPECT_EQ(ring, PointSet(box_of({{0, 5}, {0, 5}})));
}

TEST(PointSet, EqualHoweverItIsCut) {
  PointSet rows(box_of({{0, 1}, {0, 3}}));
  rows.unite(box_of({{1, 2}, {0, 2}}));
  PointSet columns(box_of({{0, 2}, {0, 2}}));
  columns.unite(box_of({{0, 1}, {2, 3}}));
  EXPECT_EQ(rows, columns);
  columns.unite(box_of({{1, 2}, {2, 3}}));
  EXPECT_NE(rows, columns);
}

RC_GTEST_PROP(BoxProperty, IsTheSetOfItsPoints, ()) {
  const Space space = any_space();
  const Box a = any_box(space.dimensions, space.limit);
  const Box b = any_box(space.dimensions, space.limit);
  const Points x = points_of(a);
  const Points y = points_of(b);
  RC_ASSERT(a.size() == static_cast<std::int64_t>(x.size()));
  RC_ASSERT(a.empty() == x.empty());
  RC_ASSERT(points_of(intersect(a, b)) == intersect(x, y));
  RC_ASSERT(intersects(a, b) == !intersect(x, y).empty());
  if (!b.empty()) RC_ASSERT(includes(a, b) == subtract(y, x).empty());
}

RC_GTEST_PROP(PointSetProperty, SetAlgebraIsThatOfThePoints, ()) {
  const Space space = any_space();
  const PointSet a = any_point_set(space.dimensions, space.limit);
  const PointSet b = any_point_set(space.dimensions, space.limit);
  const Points x = points_of(a);
  const Points y = points_of(b);
  RC_ASSERT(a.size() == static_cast<std::int64_t>(x.size()));
  RC_ASSERT(a.empty() == x.empty());
  RC_ASSERT(points_of(unite(a, b)) == unite(x, y));
  RC_ASSERT(points_of(subtract(a, b)) == subtract(x, y));
  RC_ASSERT(points_of(intersect(a, b)) == intersect(x, y));
  RC_ASSERT(includes(a, b) == subtract(y, x).empty());
  RC_ASSERT(size_of_difference(a, b) == static_cast<std::int64_t>(subtract(x, y).size()));
  RC_ASSERT((a == b) == (x == y));
  RC_ASSERT((a != b) == (x != y));
}

RC_GTEST_PROP(PointSetProperty, SingleBoxesGoInAndOutOneByOne, ()) {
  const Space space = any_space();
  PointSet set;
  Points points;
  for (std::int64_t i = any_between(1, 8); i > 0; --i) {
    const Box box = any_box(space.dimensions, space.limit);
    if (any_between(0, 2) > 0) {
      set.unite(box);
      points = unite(std::move(points), points_of(box));
    } else {
      set.subtract(box);
      points = subtract(points, points_of(box));
    }
    RC_ASSERT(points_of(set) == points);
  }
}

RC_GTEST_PROP(PointSetProperty, BoundsAreTheSmallestCover, ()) {
  const Space space = any_space();
  const PointSet set = any_point_set(space.dimensions, space.limit);
  RC_PRE(!set.empty());
  const Points points = points_of(set);
  const std::vector<Interval> cover = bounds(set);
  RC_ASSERT(cover.size() == space.dimensions);
  for (std::size_t d = 0; d < space.dimensions; ++d) {
    Interval expected{(*points.begin())[d], (*points.begin())[d] + 1};
    for (const Point& point : points) {
      expected.low = std::min(expected.low, point[d]);
      expected.high = std::max(expected.high, point[d] + 1);
    }
    RC_ASSERT(cover[d].low == expected.low);
    RC_ASSERT(cover[d].high == expected.high);
  }
}

}  // namespace
}  // namespace loopsim
