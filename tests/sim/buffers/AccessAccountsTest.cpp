#include <gtest/gtest.h>

#include "sim/buffers/AccessAccounts.hpp"
#include "sim/buffers/TilePlanner.hpp"
#include "sim/schedule/SequentialOrder.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

struct AccessAccountsTest : ::testing::Test {
  /// The next operation touches everything as planned, against buffers that stay as they are.
  Plan touch_next() {
    const Plan plan = planner.plan(order.take(), state);
    for (const Plan::Entry& entry : plan.entries) accounts.touch(plan, entry);
    return plan;
  }
  Move drain_of(const PointSet& made, std::int64_t iteration) const {
    Move drain;
    drain.kind = Move::Kind::drain;
    drain.child = node_of(tree, nodes, "Y");
    drain.parent = node_of(tree, nodes, "Y", 0);
    drain.iteration = iteration;
    drain.lanes.push_back({{}, made});
    drain.read = drain.written = Words(made.size());
    return drain;
  }
  AccessAccount account(const std::string& tensor, std::size_t level = 1) {
    if (all.empty()) all = accounts.finish();
    for (const AccessAccount& account : all) {
      if (account.node == node_of(tree, nodes, tensor, level)) return account;
    }
    throw std::logic_error("no account of " + tensor);
  }

  BoundTree tree = tree_of_text(windows());
  Schedule schedule = make_schedule(tree);
  std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  BufferState state{tree, schedule, nodes};
  TilePlanner planner{tree, schedule, nodes};
  SequentialOrder order{tree, schedule, {0}};
  AccessAccounts accounts{tree, schedule, nodes};
  std::vector<AccessAccount> all;
};

TEST_F(AccessAccountsTest, FillsAreWhatTheIterationBeforeDidNotTouch) {
  touch_next();
  state.at(node_of(tree, nodes, "X")).buffets[{}].held = words(4, 6);
  touch_next();
  const AccessAccount x = account("X");
  EXPECT_EQ(x.measures.fills, 6 + 4);
  EXPECT_EQ(x.measures.max_occupancy, 6);
  EXPECT_EQ(x.differences.held_fills, 0);
  EXPECT_EQ(account("Y").differences.first_updates, 8) << "sums begin here";
}

TEST_F(AccessAccountsTest, WhatIsFetchedThoughItIsNoFillIsRefetched) {
  touch_next();
  touch_next();  // the buffer has given everything up meanwhile
  EXPECT_EQ(account("X").differences.refetched_fills, 2);
  EXPECT_EQ(account("X", 0).differences.child_refetched, 2);
}

TEST_F(AccessAccountsTest, MovesAreCountedAtBothEnds) {
  Move fill;
  fill.child = node_of(tree, nodes, "X");
  fill.parent = node_of(tree, nodes, "X", 0);
  fill.read = Words(5);
  fill.written = Words(7);
  accounts.count_fill(fill, 0);
  accounts.count_drain(drain_of(words(0, 3), 0));
  EXPECT_EQ(account("X").measures.writes, 7);
  EXPECT_EQ(account("X").measures.parent_reads, 5);
  EXPECT_EQ(account("X", 0).measures.reads, 5);
  EXPECT_EQ(account("Y").measures.reads, 3);
  EXPECT_EQ(account("Y", 0).measures.writes, 3);
}

TEST_F(AccessAccountsTest, ADrainIsDueToOneFill) {
  touch_next();  // makes 0 to 3
  accounts.count_drain(drain_of(words(0, 4), 0));
  accounts.count_drain(drain_of(words(0, 1), 0));  // nothing was made since
  touch_next();                                    // makes 4 to 7, which stay
  const AccessAccount above = account("Y", 0);
  EXPECT_EQ(above.differences.rewritten, 1);
  EXPECT_EQ(above.differences.held_writes, 4);
}

TEST_F(AccessAccountsTest, AreClosedOnce) {
  accounts.finish();
  EXPECT_THROW(accounts.finish(), std::logic_error);
}

}  // namespace
}  // namespace loopsim
