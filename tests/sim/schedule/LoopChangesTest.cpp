#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "sim/pe_array/ArrayPoint.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

BoundTree found(const std::string& name) {
  const Inputs inputs = load_inputs({(source_folder() / "tests/generator/found" / (name + ".yaml")).string()});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

/// The first point of an einsum's program: of its first storage node.
ArrayPoint first_point(const BoundTree& tree, const ArrayProgram& program) {
  return array_points(tree, program).front();
}

/// By the text W9 changes with M7, whose only iteration does nothing of the kind.
TEST(LoopChanges, ALoopOfOneIterationChangesNoTile) {
  const BoundTree tree = found("idle_pe_keeps_its_word");
  const ArrayProgram program = array_program(tree, EinsumId(0));
  EXPECT_THAT(program.iterates, ElementsAre(true, false, false, false, false));
  EXPECT_EQ(program.changes_with.front(), std::nullopt);  // M7
  const ArrayPoint point = first_point(tree, program);
  EXPECT_EQ(point.node, 0U);
  EXPECT_EQ(point.peers_after, std::nullopt);
}

/// P7 is tiled by the loop over R8 of the einsum that reads what E7 makes.
TEST(LoopChanges, TilesOfAProducerChangeWithLoopsOfItsConsumer) {
  const BoundTree tree = found("idle_pe_keeps_its_word");
  const ArrayProgram program = array_program(tree, EinsumId(0));
  ASSERT_TRUE(program.changes_with.back());
  EXPECT_EQ(tree.nodes[*program.changes_with.back()].kind, NodeKind::temporal);
  EXPECT_EQ(tree.nodes[*program.changes_with.back()].head, EinsumId(1));
}

/// The innermost index is that of the branch, which stands still.
TEST(LoopChanges, NeighboursGiveWordsAfterALoopAboveABranch) {
  const BoundTree tree = found("peers_past_a_branch");
  const ArrayProgram program = array_program(tree, EinsumId(1));
  EXPECT_EQ(program.loop_above, std::nullopt);
  const ArrayPoint point = first_point(tree, program);
  ASSERT_TRUE(point.peers_after);
  EXPECT_EQ(tree.nodes[*point.peers_after].kind, NodeKind::temporal);
  EXPECT_THAT(point.own_axes, ElementsAre(0));
}

TEST(LoopChanges, WithoutALoopThatChangesTheTileThereAreNoPeers) {
  const BoundTree tree = found("no_peers_without_time");
  for (const ArrayPoint& point : array_points(tree, array_program(tree, EinsumId(0)))) {
    if (!point.reuses || point.traffic.output) continue;
    EXPECT_EQ(point.at_once, std::nullopt);
    EXPECT_TRUE(point.own_axes.empty());
  }
}

}  // namespace
}  // namespace loopsim
