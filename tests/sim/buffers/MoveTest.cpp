#include <gtest/gtest.h>

#include "sim/buffers/Move.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

/// Instances (0, 0), (0, 1) and (1, 0); the first two overlap in one word, and the third has the words of the first.
const std::vector<LaneWords> lanes{
    {{0, 0}, interval(0, 4)},
    {{0, 1}, interval(3, 6)},
    {{1, 0}, interval(0, 4)},
};

TEST(Move, AllWordsAreThoseOfEveryInstance) {
  EXPECT_EQ(all_words(lanes), 4 + 3 + 4);
  EXPECT_EQ(all_words({}), 0);
}

/// One read of a parent serves all of its children.
TEST(Move, DistinctWordsCountOnceForEachInstanceOfTheParent) {
  EXPECT_EQ(distinct_words(lanes, 0), 6) << "one parent";
  EXPECT_EQ(distinct_words(lanes, 1), 6 + 4) << "one for each first index";
  EXPECT_EQ(distinct_words(lanes, 2), 4 + 3 + 4) << "one for each child";
  EXPECT_EQ(distinct_words({}, 0), 0);
  EXPECT_EQ(distinct_words({lanes.front()}, 0), 4);
}

TEST(Place, APrefixIsTheInstanceAbove) {
  EXPECT_EQ(prefix_of({3, 1, 2}, 2), (Place{3, 1}));
  EXPECT_EQ(prefix_of({3, 1, 2}, 0), Place());
  EXPECT_TRUE(starts_with({3, 1, 2}, {3, 1}));
  EXPECT_TRUE(starts_with({3}, {}));
  EXPECT_FALSE(starts_with({3, 1}, {1}));
  EXPECT_FALSE(starts_with({3}, {3, 1})) << "shorter than the prefix";
}

}  // namespace
}  // namespace loopsim
