#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/buffers/InstanceTouches.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// One einsum with these loops above the buffer's nodes.
BoundTree tree_with(const std::string& loops) {
  return tree_of_text(
      input_of(window_over("F", "X", "W", "Y", 8), "- {type: storage, target: 0, dspace: [X, W, Y]}\n" + loops +
                                                       R"(- {type: storage, target: 1, dspace: [X, W, Y]}
- {type: compute, einsum: F, target: 2})"));
}
InstanceTouches touches_of_x(const BoundTree& tree, bool same_level = false) {
  const NodeId x = storage_of(tree, "X", 1);
  return InstanceTouches(tree, x, x, same_level);
}

const std::string rows_and_lanes =
    "- {type: temporal, rank: PF, tile_shape: 4}\n"
    "- {type: spatial, rank: PF, tile_shape: 2}\n";

TEST(InstanceTouches, WithoutSpatialLoopsThereIsOneInstance) {
  const BoundTree tree = tree_with("- {type: temporal, rank: PF, tile_shape: 4}\n");
  const InstanceTouches touches = touches_of_x(tree);
  EXPECT_EQ(touches.place_size(), 0U);
  EXPECT_THAT(touches.lanes(), IsEmpty());
  EXPECT_TRUE(touches.follows_loop());
}

TEST(InstanceTouches, SpatialLoopsAboveTheNodeAreLanesOfItsLevel) {
  const BoundTree tree = tree_with(rows_and_lanes);
  const InstanceTouches touches = touches_of_x(tree);
  EXPECT_EQ(touches.place_size(), 1U);
  EXPECT_THAT(touches.lanes(), ElementsAre(0U));
  EXPECT_TRUE(touches.follows_loop());
}

TEST(InstanceTouches, WhatIsFilledWithinOneInstanceHasNoLanes) {
  const BoundTree tree = tree_with(rows_and_lanes);
  const InstanceTouches touches = touches_of_x(tree, true);
  EXPECT_EQ(touches.place_size(), 1U);
  EXPECT_THAT(touches.lanes(), IsEmpty());
  EXPECT_FALSE(touches.follows_loop());
}

/// Iteration 0: 0-3 and 2-5, 1: 4-7 and 6-9. Instance 0 takes 4-5 of iteration 1 from its neighbour.
TEST(InstanceTouches, CountFillsPeersAndWhatTheParentGives) {
  const BoundTree tree = tree_with(rows_and_lanes);
  InstanceTouches touches = touches_of_x(tree);
  for (Coordinate time : {0, 1}) {
    for (Coordinate lane : {0, 1}) {
      const Coordinate from = 4 * time + 2 * lane;
      touches.touch({time}, {lane}, interval(from, from + 4));
    }
  }
  const auto counts = touches.counts();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->fills, 16);
  EXPECT_EQ(counts->max_occupancy, 4);
  EXPECT_EQ(counts->peers, 2);
  EXPECT_EQ(counts->parent, 6 + 6) << "0-5, then 4-9";
  EXPECT_EQ(counts->after_peers, 6 + 4) << "0-5, then 6-9";
  EXPECT_THAT(counts->fill_series, ElementsAre(4, 4, 4, 4));
  EXPECT_THAT(counts->occupancy_series, ElementsAre(4, 4, 4, 4));
}

TEST(InstanceTouches, WhatStaysIsNoFill) {
  const BoundTree tree = tree_with(rows_and_lanes);
  InstanceTouches touches = touches_of_x(tree);
  touches.touch({0}, {0}, interval(0, 6));
  touches.touch({1}, {0}, interval(4, 8));
  EXPECT_THAT(touches.counts()->fill_series, ElementsAre(6, 2));
}

/// A loop over what the tile does not depend on is as if it were not there.
TEST(InstanceTouches, TimesAtWhichNothingChangesAreDropped) {
  const BoundTree tree = tree_with(
      "- {type: temporal, rank: PF, tile_shape: 4}\n"
      "- {type: temporal, rank: RF, tile_shape: 1}\n"
      "- {type: spatial, rank: PF, tile_shape: 2}\n");
  InstanceTouches touches = touches_of_x(tree);
  for (Coordinate outer : {0, 1}) {
    for (Coordinate inner : {0, 1, 2}) touches.touch({outer, inner}, {0}, interval(4 * outer, 4 * outer + 4));
  }
  EXPECT_THAT(touches.counts()->fill_series, ElementsAre(4, 4));
}

}  // namespace
}  // namespace loopsim
