#include <gtest/gtest.h>

#include "sim/sequencer/TileWindow.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

/// Two layers in one stage: F and G take turns over four tiles.
struct TileWindowTest : ::testing::Test {
  BoundTree tree = tree_of_text(two_layers("sequential", 8));
  Schedule schedule = make_schedule(tree);
  TileWindow window{tree, schedule, schedule.stages.front()};
};

TEST_F(TileWindowTest, TakesOperationsInOrderUpToItsSize) {
  EXPECT_EQ(window.first_not_ended()->leaf, 0u) << "behind the window";
  window.fill(2, Cycle(3), Cycle(5));
  ASSERT_EQ(window.size(), 2u);
  EXPECT_EQ(window[0].operation.leaf, 0u);
  EXPECT_EQ(window[1].operation.leaf, 1u);
  EXPECT_EQ(window[1].room_at, Cycle(3));
  EXPECT_EQ(window[1].entered_at, Cycle(5));
  window.fill(1, Cycle(6), Cycle(6));
  EXPECT_EQ(window.size(), 2u) << "none is sent back";
}

TEST_F(TileWindowTest, KnowsWhatRunsAndWhatIsNext) {
  EXPECT_EQ(window.next_to_start(), nullptr);
  window.fill(2, Cycle(), Cycle());
  EXPECT_EQ(window.next_to_start(), &window[0]);
  EXPECT_EQ(window.running(), nullptr);
  window[0].started = true;
  EXPECT_EQ(window.running(), &window[0]);
  EXPECT_EQ(window.next_to_start(), &window[1]);
  window[0].ended = true;
  EXPECT_EQ(window.running(), nullptr);
  EXPECT_EQ(window.first_not_ended(), &window[1].operation);
}

TEST_F(TileWindowTest, OperationsAreAdmittedInOrder) {
  window.fill(2, Cycle(), Cycle());
  EXPECT_TRUE(window.admitted_before(0));
  EXPECT_FALSE(window.admitted_before(1));
  window[0].admitted = true;
  EXPECT_TRUE(window.admitted_before(1));
}

TEST_F(TileWindowTest, ALeafsNextOperationIsInsideOrBehind) {
  window.fill(3, Cycle(), Cycle());
  const TimeIndex second = window[2].operation.time;
  EXPECT_EQ(window.next_time(0), window[0].operation.time);
  EXPECT_EQ(window.next_time(0, &window[0]), second);
  EXPECT_GT(*window.next_time(1, &window[1]), second) << "not in the window yet";
  EXPECT_EQ(window.progress(1), window[1].operation.iteration);
  window.erase(window[0]);
  EXPECT_EQ(window.next_time(0), second);
}

TEST_F(TileWindowTest, IsDoneWhenNothingIsLeft) {
  for (; !window.done(); window.erase(window[0])) window.fill(1, Cycle(), Cycle());
  EXPECT_EQ(window.next_time(0), std::nullopt);
  EXPECT_EQ(window.progress(0), std::nullopt);
  EXPECT_EQ(window.first_not_ended(), nullptr);
}

}  // namespace
}  // namespace loopsim
