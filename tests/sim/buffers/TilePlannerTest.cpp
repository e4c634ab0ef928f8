#include <gtest/gtest.h>

#include "sim/buffers/TilePlanner.hpp"
#include "sim/schedule/SequentialOrder.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

struct Planning {
  explicit Planning(const std::string& text) : tree(tree_of_text(text)) {}

  Plan next() {
    const TileOperation operation = order.take();
    return planner.plan(operation, state);
  }
  HoldingIndex node(const std::string& tensor, std::size_t level = 1) const {
    return node_of(tree, nodes, tensor, level);
  }
  const Plan::Lane& lane(const Plan& plan, const std::string& tensor, std::size_t level = 1) const {
    for (const Plan::Entry& entry : plan.entries) {
      if (entry.node == node(tensor, level)) return entry.lanes.front();
    }
    throw std::logic_error("no entry of " + tensor);
  }

  BoundTree tree;
  Schedule schedule = make_schedule(tree);
  std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  BufferState state{tree, schedule, nodes};
  TilePlanner planner{tree, schedule, nodes};
  SequentialOrder order{tree, schedule, {0}};
};

TEST(TilePlanner, WhatIsNotHeldIsAllocatedAndFetched) {
  Planning planning(windows());
  Buffet& x = planning.state.at(planning.node("X")).buffets[{}];
  const Plan first = planning.next();
  EXPECT_EQ(planning.lane(first, "X").allocate, words(0, 6));
  EXPECT_EQ(planning.lane(first, "X").move, words(0, 6));
  EXPECT_EQ(bits_of_instance(first.bits, {LevelId(1), {}}), (6 + 3 + 4) * 8);
  EXPECT_TRUE(first.sources_ready) << "main memory has what is given";
  x.held = words(4, 6);
  const Plan second = planning.next();
  EXPECT_EQ(planning.lane(second, "X").stored, words(4, 10));
  EXPECT_EQ(planning.lane(second, "X").move, words(6, 10));
}

TEST(TilePlanner, SumsBeginAndEndWithTheirReduction) {
  Planning planning(spilled_sums());
  const Plan first = planning.next();
  EXPECT_EQ(planning.lane(first, "Y").fresh, words(0, 2));
  EXPECT_TRUE(planning.lane(first, "Y").finished.empty());
  EXPECT_TRUE(planning.lane(first, "Y").move.empty()) << "nothing is fetched for sums that begin";
  planning.next();
  const Plan third = planning.next();  // columns 2 and 3 of rows 0 and 1
  EXPECT_TRUE(planning.lane(third, "Y").fresh.empty());
  EXPECT_EQ(planning.lane(third, "Y").finished, words(0, 2));
  EXPECT_EQ(planning.lane(third, "Y").move, words(0, 2)) << "they had to leave";
}

TEST(TilePlanner, AnIntermediatesSourceHasToBeThere) {
  Planning planning(fused_windows("sequential"));
  SequentialOrder second(planning.tree, planning.schedule, {1});
  const TileOperation reader = second.take();
  EXPECT_FALSE(planning.planner.plan(reader, planning.state).sources_ready);
  planning.state.at(planning.node("Y")).buffets[{}].expected = words(0, 6);
  EXPECT_TRUE(planning.planner.plan(reader, planning.state).sources_ready);
}

TEST(TilePlanner, WordsThatSequentialOrderWouldGiveUpFirstAreNoted) {
  Planning planning(windows());
  planning.next();
  Buffet& x = planning.state.at(planning.node("X")).buffets[{}];
  x.held = unite(words(0, 6), words(8, 9));
  x.departing = unite(words(5, 6), words(8, 9));
  const Plan second = planning.next();
  EXPECT_EQ(second.kept.at({LevelId(1), {}}), 8) << "word 8 alone: 5 is the last tile's, which has not ended";
}

}  // namespace
}  // namespace loopsim
