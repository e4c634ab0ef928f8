#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mapping/Measures.hpp"
#include "sim/buffers/TouchSeries.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

constexpr TouchSeries::IndexKind temporal{false, true};
constexpr TouchSeries::IndexKind pipeline{false, false};
constexpr TouchSeries::IndexKind spatial{true, true};

TEST(TouchSeries, AFillIsWhatTheIterationBeforeDidNotTouch) {
  TouchSeries series({temporal});
  EXPECT_EQ(words_text(series.touch({0}, {}, interval(0, 6))), "0-5");
  EXPECT_EQ(words_text(series.touch({1}, {}, interval(4, 10))), "6-9");
  EXPECT_EQ(words_text(series.previous({})), "0-5");
  EXPECT_EQ(words_text(series.touch({2}, {}, interval(0, 3))), "0-2") << "nothing older is remembered";
  series.finish();
  EXPECT_EQ(series.fills(), 6 + 4 + 3);
  EXPECT_EQ(series.max_occupancy(), 6);
  ASSERT_TRUE(series.series());
  EXPECT_THAT(series.series()->fill, ElementsAre(6, 4, 3));
  EXPECT_THAT(series.series()->occupancy, ElementsAre(6, 6, 3));
}

TEST(TouchSeries, TouchesOfOneIterationUnite) {
  TouchSeries series({temporal});
  series.touch({0}, {}, interval(0, 4));
  EXPECT_EQ(words_text(series.touch({0}, {}, interval(2, 6))), "4-5");
  series.finish();
  EXPECT_EQ(series.fills(), 6);
  EXPECT_EQ(series.max_occupancy(), 6);
}

TEST(TouchSeries, InstancesRememberTheirOwnWords) {
  TouchSeries series({temporal, spatial});
  series.touch({0}, {0}, interval(0, 4));
  EXPECT_EQ(words_text(series.touch({0}, {1}, interval(0, 4))), "0-3");
  EXPECT_EQ(words_text(series.touch({1}, {1}, interval(0, 5))), "4");
  EXPECT_EQ(words_text(series.previous({0})), "0-3");
  EXPECT_EQ(words_text(series.previous({7})), "") << "an instance that has done nothing";
  series.finish();
  EXPECT_EQ(series.fills(), 4 + 4 + 1);
  EXPECT_THAT(series.series()->fill, ElementsAre(4, 4, 1)) << "row-major, without what has not worked";
}

/// Of two loops the tile depends on the outer one alone: the inner one has no place in the series.
TEST(TouchSeries, InnermostIndicesThatChangeNothingAreDropped) {
  TouchSeries series({temporal, temporal});
  for (Coordinate outer : {0, 1}) {
    for (Coordinate inner : {0, 1, 2}) series.touch({outer, inner}, {}, interval(10 * outer, 10 * outer + 4));
  }
  series.finish();
  EXPECT_THAT(series.series()->fill, ElementsAre(4, 4));
}

/// Only the inner loop changes the tile, and turns round when the outer one goes on.
TEST(TouchSeries, OuterIndicesThatChangeNothingStay) {
  TouchSeries series({temporal, temporal});
  series.touch({0, 0}, {}, interval(0, 4));
  series.touch({0, 1}, {}, interval(10, 14));
  series.touch({1, 0}, {}, interval(10, 14));
  series.touch({1, 1}, {}, interval(0, 4));
  series.finish();
  EXPECT_THAT(series.series()->fill, ElementsAre(4, 4, 0, 4));
}

TEST(TouchSeries, APipelinesIndexIsNeverDropped) {
  TouchSeries series({temporal, pipeline});
  series.touch({0, 0}, {}, interval(0, 4));
  series.touch({0, 1}, {}, interval(0, 4));
  series.finish();
  EXPECT_THAT(series.series()->fill, ElementsAre(4, 0));
}

TEST(TouchSeries, AnIterationThatTouchesNothingIsOneOfTheSeries) {
  TouchSeries series({temporal});
  series.touch({0}, {}, interval(0, 4));
  series.touch({1}, {}, {});
  series.touch({2}, {}, interval(0, 4));
  series.finish();
  EXPECT_THAT(series.series()->fill, ElementsAre(4, 0, 4));
}

TEST(TouchSeries, ASeriesThatIsTooLongIsNotKept) {
  TouchSeries series({temporal});
  for (std::size_t i = 0; i <= longest_series; ++i) {
    const auto at = static_cast<Coordinate>(i);
    series.touch({at}, {}, interval(at, at + 1));
  }
  series.finish();
  EXPECT_FALSE(series.series());
  EXPECT_EQ(series.fills(), static_cast<std::int64_t>(longest_series) + 1);
}

}  // namespace
}  // namespace loopsim
