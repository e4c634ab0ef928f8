#include <gtest/gtest.h>
#include <stdexcept>

#include "sim/schedule/SequentialOrder.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

class SequentialOrderTest : public ::testing::Test {
 protected:
  /// Two tiles, in each of which F and then G has an operation.
  const BoundTree tree_ = tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4) + copy_of("G", "Q", "Y", "Z", 4),
                                                R"(- {type: storage, target: 0, dspace: [X, Z]}
- {type: temporal, rank: Q, tile_shape: 2}
- {type: storage, target: 1, dspace: [X, Y, Z]}
- type: pipeline
  branches:
  - - {type: compute, einsum: F, target: 2}
  - - {type: compute, einsum: G, target: 2})"));
  const Schedule schedule_ = make_schedule(tree_);
};

TEST_F(SequentialOrderTest, MergesLeavesByTime) {
  SequentialOrder order(tree_, schedule_, {0, 1});
  std::vector<std::string> tiles;
  while (order.peek() != nullptr) tiles.push_back(describe(tree_, schedule_, order.take()));
  EXPECT_EQ(tiles, (std::vector<std::string>{"F tile [0, 0]", "G tile [0, 1]", "F tile [1, 0]", "G tile [1, 1]"}));
}

TEST_F(SequentialOrderTest, LooksAheadWithoutTaking) {
  SequentialOrder order(tree_, schedule_, {0, 1});
  EXPECT_EQ(describe(tree_, schedule_, *order.peek(2)), "F tile [1, 0]");
  EXPECT_EQ(describe(tree_, schedule_, *order.peek(0)), "F tile [0, 0]");
  EXPECT_EQ(order.peek(4), nullptr);
  order.take();
  EXPECT_EQ(describe(tree_, schedule_, *order.peek(0)), "G tile [0, 1]");
}

TEST_F(SequentialOrderTest, KnowsWhenALeafIsNext) {
  SequentialOrder order(tree_, schedule_, {0, 1});
  EXPECT_EQ(order.next_time(1), (TimeIndex{0, 1}));
  order.take();
  EXPECT_EQ(order.next_time(0), (TimeIndex{1, 0}));
  while (order.peek() != nullptr) order.take();
  EXPECT_FALSE(order.next_time(0));
}

TEST_F(SequentialOrderTest, KnowsItsOwnLeavesAlone) {
  SequentialOrder order(tree_, schedule_, {1});
  EXPECT_EQ(describe(tree_, schedule_, *order.peek()), "G tile [0, 1]");
  EXPECT_THROW(order.stream(0), std::logic_error);
}

}  // namespace
}  // namespace loopsim
