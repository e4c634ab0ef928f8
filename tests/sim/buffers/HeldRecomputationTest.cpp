#include <gtest/gtest.h>

#include "sim/buffers/HeldRecomputation.hpp"
#include "sim/schedule/SequentialOrder.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

/// F makes Y for G; the plans are made up.
struct HeldRecomputationTest : ::testing::Test {
  Plan plan_of(const PointSet& allocate, const PointSet& fresh) const {
    Plan plan;
    Plan::Entry entry;
    entry.node = node_of(tree, nodes, "Y");
    entry.output = true;
    Plan::Lane lane;
    lane.stored = words(0, 6);
    lane.allocate = allocate;
    lane.fresh = fresh;
    entry.lanes.push_back(lane);
    plan.entries.push_back(entry);
    return plan;
  }

  BoundTree tree = tree_of_text(fused_windows("sequential"));
  Schedule schedule = make_schedule(tree);
  std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  HeldRecomputation recomputation{tree, schedule};
  TileOperation first = SequentialOrder(tree, schedule, {0}).take();
};

TEST_F(HeldRecomputationTest, WordsThatAreHeldAndBegunAnewAreMadeAgain) {
  recomputation.visit(first, plan_of(words(2, 6), words(0, 6)));
  EXPECT_EQ(recomputation.operations()[EinsumId(0)], 2 * 3) << "0 and 1, each of a window of three";
  EXPECT_EQ(recomputation.operations()[EinsumId(1)], 0);
}

TEST_F(HeldRecomputationTest, WhatIsNewOrContinuedIsNot) {
  recomputation.visit(first, plan_of(words(0, 6), words(0, 6)));
  recomputation.visit(first, plan_of(words(2, 6), words(2, 6)));
  EXPECT_EQ(recomputation.operations()[EinsumId(0)], 0);
}

TEST_F(HeldRecomputationTest, OnlyOfIntermediates) {
  const TileOperation last = SequentialOrder(tree, schedule, {1}).take();
  recomputation.visit(last, plan_of(words(2, 6), words(0, 6)));
  EXPECT_EQ(recomputation.operations()[EinsumId(1)], 0);
}

}  // namespace
}  // namespace loopsim
