#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/attribution/DramSeries.hpp"

namespace loopsim {
namespace {

DramActivity read_of(std::int64_t bytes) {
  DramActivity activity;
  activity.read_bytes = bytes;
  activity.row_hits = 1;
  return activity;
}

TEST(DramSeries, ABurstCountsInTheCycleBeforeItsEnd) {
  DramSeries series;
  series.add(Cycle(64), read_of(1));
  series.add(Cycle(65), read_of(2));
  ASSERT_EQ(series.intervals().size(), 2U);
  EXPECT_EQ(series.interval(), Cycle(64));
  EXPECT_EQ(series.intervals()[0].read_bytes, 1);
  EXPECT_EQ(series.intervals()[1].read_bytes, 2);
}

TEST(DramSeries, TwoIntervalsBecomeOneWhenThereIsNoRoom) {
  DramSeries series;
  for (std::int64_t i = 0; i < 256; ++i) series.add(Cycle(64 * i + 1), read_of(i));
  EXPECT_EQ(series.interval(), Cycle(64));
  EXPECT_EQ(series.intervals().size(), 256U);
  series.add(Cycle(64 * 256 + 1), read_of(1000));
  EXPECT_EQ(series.interval(), Cycle(128));
  ASSERT_EQ(series.intervals().size(), 129U);
  EXPECT_EQ(series.intervals()[3].read_bytes, 6 + 7);
  EXPECT_EQ(series.intervals()[128].read_bytes, 1000);
}

/// However long it gets, each burst is where it belongs.
RC_GTEST_PROP(DramSeries, IsWhatTheBurstsSay, ()) {
  const auto ends = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 1 << 20));
  DramSeries series;
  for (std::size_t i = 0; i < ends.size(); ++i) series.add(Cycle(ends[i]), read_of(static_cast<std::int64_t>(i)));
  RC_ASSERT(series.intervals().size() <= DramSeries::most_intervals);
  std::vector<DramActivity> expected(series.intervals().size());
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto interval = static_cast<std::size_t>((ends[i] - 1) / series.interval().value);
    RC_ASSERT(interval < expected.size());
    expected[interval] += read_of(static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    RC_ASSERT(series.intervals()[i].read_bytes == expected[i].read_bytes);
    RC_ASSERT(series.intervals()[i].row_hits == expected[i].row_hits);
  }
}

}  // namespace
}  // namespace loopsim
