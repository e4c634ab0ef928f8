#include <gtest/gtest.h>

#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

TEST(HoldingNode, KnowsItsParentItsUsersAndWhoWrites) {
  const BoundTree tree = tree_of_text(fused_windows("sequential"));
  const std::vector<HoldingNode> nodes = holding_nodes(tree, make_schedule(tree));
  const HoldingIndex x = node_of(tree, nodes, "X");
  const HoldingIndex above = node_of(tree, nodes, "X", 0);
  EXPECT_EQ(nodes[x].parent, above);
  EXPECT_EQ(nodes[above].children, std::vector<HoldingIndex>{x});
  EXPECT_EQ(nodes[x].users, std::vector<LeafIndex>{0});
  EXPECT_FALSE(nodes[x].made_here);
  const HoldingNode& y = nodes[node_of(tree, nodes, "Y")];
  EXPECT_EQ(y.users, (std::vector<LeafIndex>{0, 1}));
  EXPECT_FALSE(y.parent) << "an intermediate that stays on chip";
  EXPECT_TRUE(y.made_here);
  EXPECT_FALSE(y.several_stages);
}

TEST(HoldingNode, ChildrenOfAPipelineAreStages) {
  const BoundTree tree = tree_of_text(fused_windows("pipeline"));
  const std::vector<HoldingNode> nodes = holding_nodes(tree, make_schedule(tree));
  EXPECT_TRUE(nodes[node_of(tree, nodes, "Y")].several_stages);
  EXPECT_FALSE(nodes[node_of(tree, nodes, "X")].several_stages);
}

TEST(HoldingNode, APlaceBelongsToTheInstancesAbove) {
  EXPECT_EQ(prefix_of({3, 1, 2}, 2), (Place{3, 1}));
  EXPECT_TRUE(starts_with({3, 1, 2}, {3, 1}));
  EXPECT_TRUE(starts_with({3}, {}));
  EXPECT_FALSE(starts_with({3}, {3, 1}));
  EXPECT_FALSE(starts_with({3, 1}, {2}));
}

}  // namespace
}  // namespace loopsim
