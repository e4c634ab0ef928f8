#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/schedule/Schedule.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// F and G in a pipeline, then H, all in two tiles.
BoundTree pipeline_in_sequential() {
  return tree_of_text(
      input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4) + copy_of("H", "S", "Z", "O", 4),
               R"(- {type: storage, target: 0, dspace: [X, O]}
- {type: temporal, rank: S, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z, O]}
- type: sequential
  branches:
  - - type: pipeline
      branches:
      - - {type: compute, einsum: F, target: 2}
      - - {type: temporal, rank: Q, tile_shape: 1}
        - {type: storage, target: 1, dspace: [Z]}
        - {type: compute, einsum: G, target: 2}
  - - {type: compute, einsum: H, target: 2})"));
}

TEST(Schedule, EinsumsShareAStageUnlessAPipelinePartsThem) {
  const Schedule schedule = make_schedule(pipeline_in_sequential());
  ASSERT_EQ(schedule.leaves.size(), 3U);
  ASSERT_EQ(schedule.stages.size(), 3U);
  EXPECT_EQ(schedule.stages[0].name, "F");
  EXPECT_EQ(schedule.stages[1].name, "G");
  EXPECT_EQ(schedule.stages[2].name, "H") << "the whole array";
  EXPECT_EQ(schedule.leaves[2].stage, 2U);
  const Schedule sequential =
      make_schedule(tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                                          R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})")));
  ASSERT_EQ(sequential.stages.size(), 1U);
  EXPECT_EQ(sequential.stages[0].name, "F+G");
  EXPECT_THAT(sequential.stages[0].leaves, ElementsAre(0U, 1U));
}

TEST(Schedule, BranchesSayWhoReadsFromWhom) {
  const Schedule schedule = make_schedule(pipeline_in_sequential());
  const std::vector<BranchStep>& of_g = schedule.leaves[1].branches;
  ASSERT_EQ(of_g.size(), 2U);
  EXPECT_EQ(of_g[0].kind, NodeKind::sequential);
  EXPECT_EQ(of_g[0].child, 0U);
  EXPECT_THAT(of_g[0].producers, IsEmpty());
  EXPECT_THAT(of_g[0].consumers, ElementsAre(1U));
  EXPECT_EQ(of_g[1].kind, NodeKind::pipeline);
  EXPECT_EQ(of_g[1].child, 1U);
  EXPECT_THAT(of_g[1].producers, ElementsAre(0U));
  EXPECT_THAT(of_g[1].consumers, IsEmpty());
  ASSERT_EQ(schedule.leaves[2].branches.size(), 1U);
  EXPECT_THAT(schedule.leaves[2].branches[0].producers, ElementsAre(0U));
}

TEST(OperationStream, MakesTileOperationsInOrder) {
  const BoundTree tree = pipeline_in_sequential();
  const Schedule schedule = make_schedule(tree);
  OperationStream stream(tree, schedule, 1);
  ASSERT_NE(stream.peek(3), nullptr);
  EXPECT_EQ(stream.peek(4), nullptr) << "two tiles of two";
  EXPECT_EQ(describe(tree, schedule, *stream.peek(3)), "G tile [1, 0, 1, 1]");
  const TileOperation first = stream.take();
  EXPECT_EQ(first.leaf, 1U);
  EXPECT_EQ(first.number, 0);
  EXPECT_EQ(first.time, (TimeIndex{0, 0, 1, 0})) << "loop, branch, branch, loop";
  EXPECT_THAT(first.iteration, ElementsAre(0, 0));
  EXPECT_FALSE(first.advanced);
  ASSERT_EQ(first.lanes.size(), 1U);
  EXPECT_EQ(words_text(first.lanes.front().operations), "0");
  const TileOperation second = stream.take();
  EXPECT_EQ(second.number, 1);
  ASSERT_TRUE(second.advanced);
  EXPECT_EQ(tree.nodes[*second.advanced].kind, NodeKind::temporal);
  EXPECT_THAT(second.iteration, ElementsAre(0, 0));
  const TileOperation third = stream.take();
  ASSERT_TRUE(third.advanced);
  EXPECT_NE(*third.advanced, *second.advanced) << "the inner loop started over, the outer one went on by one";
  EXPECT_EQ(path_to(tree, *second.advanced).front(), path_to(tree, *third.advanced).front());
  EXPECT_THAT(third.iteration, ElementsAre(1, 1));
  EXPECT_EQ(words_text(third.lanes.front().operations), "2");
}

/// A window that moves by three and has one tap needs every third word: the others are not made.
TEST(OperationStream, LeavesOutIterationsWithoutOperations) {
  const BoundTree tree = tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4) + R"(
- shape:
    name: G
    dimensions: [Q]
    data_spaces:
    - {name: Y, projection: '[ 3*Q ]'}
    - {name: Z, projection: '[ Q ]', read_write: true}
  instance: {Q: 2})",
                                               R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 1}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})"));
  const Schedule schedule = make_schedule(tree);
  OperationStream stream(tree, schedule, 0);
  ASSERT_NE(stream.peek(1), nullptr);
  EXPECT_EQ(words_text(stream.peek(0)->lanes.front().operations), "0");
  EXPECT_EQ(words_text(stream.peek(1)->lanes.front().operations), "3");
  EXPECT_EQ(stream.peek(2), nullptr);
}

}  // namespace
}  // namespace loopsim
