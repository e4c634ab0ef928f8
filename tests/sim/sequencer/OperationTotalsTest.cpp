#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

#include "sim/sequencer/OperationTotals.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

ArrayOutcome outcome_of(const OperationTotals& totals, std::int64_t steps, std::int64_t operations) {
  ArrayOutcome outcome;
  outcome.steps = steps;
  outcome.operations = operations;
  outcome.traffic.resize(totals.points().size());
  return outcome;
}

/// Operations are made when one looks at them.
TileOperation next(OperationStream& stream) {
  if (stream.peek(0) == nullptr) throw std::logic_error("there is no operation left");
  return stream.take();
}

/// Two layers under a branch, G in tiles of one word within the tiles of two.
BoundTree two_layers() {
  return tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                               R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: temporal, rank: Q, tile_shape: 1}
    - {type: storage, target: 1, dspace: [Z]}
    - {type: compute, einsum: G, target: 2})"));
}

TEST(OperationTotals, TilesAreIterationsAboveTheOutermostBranch) {
  const BoundTree tree = two_layers();
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[1]);
  OperationStream stream(tree, schedule, 1);
  for (std::int64_t steps : {3, 4, 5, 6}) totals.add(next(stream), outcome_of(totals, steps, 1));
  EXPECT_EQ(totals.operations(), 4);
  EXPECT_EQ(totals.distinct_operations(), 4);
  EXPECT_EQ(totals.steps(), 3 + 4 + 5 + 6);
  EXPECT_THAT(totals.operations_per_tile(), ElementsAre(2, 2));
  EXPECT_THAT(totals.steps_per_tile(), ElementsAre(3 + 4, 5 + 6));
}

TEST(OperationTotals, OperationsExecutedAgainAreNotDistinct) {
  const BoundTree tree = two_layers();
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[0]);
  OperationStream stream(tree, schedule, 0);
  const TileOperation first = next(stream);
  totals.add(first, outcome_of(totals, 1, 2));
  totals.add(first, outcome_of(totals, 1, 2));
  EXPECT_EQ(totals.operations(), 4);
  EXPECT_EQ(totals.distinct_operations(), 2);
}

TEST(OperationTotals, TrafficAddsUpAndOccupanciesAreMaxima) {
  const BoundTree tree = two_layers();
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[0]);
  OperationStream stream(tree, schedule, 0);
  const TileOperation first = next(stream);
  ASSERT_EQ(totals.points().size(), 2U) << "the operands of the MACs";
  for (std::int64_t words : {5, 3}) {
    ArrayOutcome outcome = outcome_of(totals, 1, 2);
    outcome.traffic[1].moved_fills = words;
    outcome.traffic[1].touched_max_occupancy = words;
    totals.add(first, outcome);
  }
  EXPECT_EQ(totals.traffic()[0].moved_fills, 0);
  EXPECT_EQ(totals.traffic()[1].moved_fills, 5 + 3);
  EXPECT_EQ(totals.traffic()[1].touched_max_occupancy, 5);
}

/// Two instances side by side in each of two iterations: operations are told apart by instance, steps are not.
TEST(OperationTotals, InstancesAboveABranchAreTilesOfOperationsAlone) {
  const BoundTree tree = tree_of_text(input_of(copy_of("F", "P", "X", "Y", 8) + copy_of("G", "Q", "Y", "Z", 8),
                                               R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 4}
- {type: spatial, rank: Q, tile_shape: 3}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: sequential
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})"));
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[1]);
  OperationStream stream(tree, schedule, 1);
  totals.add(next(stream), outcome_of(totals, 1, 4));
  totals.add(next(stream), outcome_of(totals, 2, 4));
  EXPECT_THAT(totals.operations_per_tile(), ElementsAre(3, 1, 3, 1));
  EXPECT_THAT(totals.steps_per_tile(), ElementsAre(1, 2));
}

TEST(OperationTotals, AnInstanceWithoutOperationsHasNoTile) {
  const BoundTree tree = two_layers();
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[0]);
  OperationStream stream(tree, schedule, 0);
  TileOperation idle = next(stream);
  idle.lanes.front().operations = {};
  totals.add(idle, outcome_of(totals, 0, 0));
  totals.add(next(stream), outcome_of(totals, 1, 2));
  EXPECT_THAT(totals.operations_per_tile(), ElementsAre(2));
  EXPECT_THAT(totals.steps_per_tile(), ElementsAre(0, 1));
}

TEST(OperationTotals, WithoutABranchTheRunIsOneTile) {
  const BoundTree tree =
      tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: P, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})"));
  const Schedule schedule = make_schedule(tree);
  OperationTotals totals(tree, schedule.leaves[0]);
  OperationStream stream(tree, schedule, 0);
  totals.add(next(stream), outcome_of(totals, 1, 2));
  totals.add(next(stream), outcome_of(totals, 1, 2));
  EXPECT_THAT(totals.operations_per_tile(), ElementsAre(4));
  EXPECT_THAT(totals.steps_per_tile(), ElementsAre(2));
}

}  // namespace
}  // namespace loopsim
