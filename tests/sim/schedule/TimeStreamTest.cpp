#include <gtest/gtest.h>

#include "sim/schedule/TimeStream.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

/// Times of all iterations above a node, with what each instance does: "[1] 0: 4-5; 1: 6-7".
std::vector<std::string> iterations(const BoundTree& tree, NodeId node) {
  TimeStream stream(tree, node, {EinsumId(0)});
  std::vector<std::string> lines;
  for (TimedIteration iteration; stream.next(iteration);) {
    std::vector<LaneWords> lanes;
    for (const Lane& lane : iteration.lanes) lanes.push_back({lane.place, lane.operations.at(EinsumId(0))});
    lines.push_back(fmt::format("{} of [{}]", lanes_text(lanes), fmt::join(iteration.time, ", ")));
  }
  return lines;
}
BoundTree tree_with(const std::string& loops) {
  return tree_of_text(input_of(copy_of("F", "P", "X", "Y", 8), "- {type: storage, target: 0, dspace: [X, Y]}\n" +
                                                                   loops +
                                                                   R"(- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})"));
}

TEST(TimeStream, GoesThroughTheLoopsAboveANode) {
  const BoundTree tree = tree_with("- {type: temporal, rank: P, tile_shape: 3}\n");
  EXPECT_EQ(iterations(tree, storage_of(tree, "X", 1)),
            (std::vector<std::string>{"0-2 of [0]", "3-5 of [1]", "6-7 of [2]"}));
  EXPECT_EQ(iterations(tree, storage_of(tree, "X", 0)), std::vector<std::string>{"0-7 of []"});
}

/// The instances of one time come together, also where the spatial loop is the outer one.
TEST(TimeStream, GathersInstancesOfOneTime) {
  const BoundTree inside = tree_with(
      "- {type: temporal, rank: P, tile_shape: 4}\n"
      "- {type: spatial, rank: P, tile_shape: 2}\n");
  EXPECT_EQ(iterations(inside, storage_of(inside, "X", 1)),
            (std::vector<std::string>{"[0]: 0-1; [1]: 2-3 of [0]", "[0]: 4-5; [1]: 6-7 of [1]"}));
  const BoundTree outside = tree_with(
      "- {type: spatial, rank: P, tile_shape: 4}\n"
      "- {type: temporal, rank: P, tile_shape: 2}\n");
  EXPECT_EQ(iterations(outside, storage_of(outside, "X", 1)),
            (std::vector<std::string>{"[0]: 0-1; [1]: 4-5 of [0]", "[0]: 2-3; [1]: 6-7 of [1]"}));
}

/// Tiles 0-4 and 5-7: the second instance has nothing to do at the last time.
TEST(TimeStream, AnInstanceThatHasEndedIsNotThere) {
  const BoundTree tree = tree_with(
      "- {type: spatial, rank: P, tile_shape: 5}\n"
      "- {type: temporal, rank: P, tile_shape: 3}\n");
  EXPECT_EQ(iterations(tree, storage_of(tree, "X", 1)),
            (std::vector<std::string>{"[0]: 0-2; [1]: 5-7 of [0]", "[0]: 3-4 of [1]"}));
}

TEST(TimeStream, SpatialIndicesAreNoTime) {
  const BoundTree tree = tree_with(
      "- {type: temporal, rank: P, tile_shape: 4}\n"
      "- {type: spatial, rank: P, tile_shape: 2}\n");
  EXPECT_EQ(time_indices_above(tree, storage_of(tree, "X", 1)), 1U);
  EXPECT_EQ(time_indices_above(tree, storage_of(tree, "X", 0)), 0U);
}

}  // namespace
}  // namespace loopsim
