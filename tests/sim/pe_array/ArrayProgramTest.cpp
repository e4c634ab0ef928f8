#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "sim/pe_array/ArrayExecutor.hpp"
#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/pe_array/ArrayPoint.hpp"

namespace loopsim {

namespace {

class ArrayProgramTest : public ::testing::Test {
 protected:
  ArrayProgramTest() {
    Inputs inputs = load_inputs({"preset:resnet18_block/fused", "preset:edge"});
    Diagnostics diagnostics;
    tree_ = bind_mapping(std::move(inputs.graph), std::move(inputs.architecture), inputs.tree, inputs.bindings,
                          diagnostics);
  }

  const std::string& name_of(TensorId tensor) const { return tree_.graph.tensors[tensor].name; }

  BoundTree tree_;
  EinsumId conv1_{0};
};

}  // namespace

TEST_F(ArrayProgramTest, TheArrayStartsBelowTheDeepestBranch) {
  const ArrayProgram program = array_program(tree_, conv1_);
  ASSERT_TRUE(program.cut);
  EXPECT_TRUE(is_branch(tree_.nodes[*program.cut].kind));
  EXPECT_EQ(program.nodes.size(), 12U);
  EXPECT_EQ(program.nodes.front(), program.top);
  EXPECT_EQ(program.nodes.back(), program.compute);
  EXPECT_EQ(tree_.nodes[program.compute].einsum, conv1_);
}

TEST_F(ArrayProgramTest, PointsAreStorageNodesAndThenTheOperandsOfTheMacs) {
  const std::vector<ArrayPoint> points = array_points(tree_, array_program(tree_, conv1_));
  std::vector<std::string> names;
  for (const ArrayPoint& point : points) names.push_back(name_of(point.traffic.tensor));
  EXPECT_EQ(names, (std::vector<std::string>{"Filter1", "Fmap1", "Fmap2", "Fmap1", "Filter1", "Fmap2"}));
  for (std::size_t p = 0; p < points.size(); ++p) {
    const bool in_buffer = p < 3;
    EXPECT_EQ(points[p].reuses, in_buffer);
    EXPECT_EQ(points[p].traffic.output, names[p] == "Fmap2");
    ASSERT_TRUE(points[p].parent_level);
    EXPECT_EQ(*points[p].parent_level, LevelId(in_buffer ? 1 : 2));
    EXPECT_EQ(points[p].place_length, 2U);  // columns and rows
    EXPECT_EQ(points[p].parent_place_length, in_buffer ? 0U : 2U);
    EXPECT_EQ(points[p].clipped, names[p] == "Fmap1");  // the zero padding
  }
}

TEST_F(ArrayProgramTest, CongruentTileOperationsShareOneOutcome) {
  const ArrayProgram program = array_program(tree_, conv1_);
  ArrayExecutor executor(tree_, program);
  const auto tile = [](Coordinate row) {
    Box box;
    for (const Interval range :
         {Interval{row, row + 4}, Interval{0, 56}, Interval{0, 64}, Interval{0, 64}, Interval{0, 3}, Interval{0, 3}}) {
      box.dimensions.emplace_back(range.low, range.high);
    }
    return std::vector<ArrayLane>{{{}, PointSet(std::move(box))}};
  };
  const ArrayOutcome* top = &executor.execute(tile(0), std::nullopt);
  const ArrayOutcome* second = &executor.execute(tile(4), program.loop_above);
  const ArrayOutcome* third = &executor.execute(tile(8), program.loop_above);
  const ArrayOutcome* bottom = &executor.execute(tile(52), program.loop_above);
  EXPECT_NE(top, second);  // at the top there is padding, and the buffers are empty
  EXPECT_EQ(second, third);
  EXPECT_NE(third, bottom);
  EXPECT_EQ(second->steps, 4 * 56 * 4 * 4 * 9);
  EXPECT_EQ(second->operations, second->steps * 256);
}

TEST_F(ArrayProgramTest, AnIdleTileOperationMovesNothing) {
  const ArrayProgram program = array_program(tree_, conv1_);
  ArrayExecutor executor(tree_, program);
  const ArrayOutcome& outcome = executor.execute({{{}, PointSet()}}, std::nullopt);
  EXPECT_EQ(outcome.steps, 0);
  EXPECT_TRUE(outcome.runs.empty());
  ASSERT_EQ(outcome.traffic.size(), traffic_points(tree_, program).size());
  EXPECT_EQ(outcome.traffic.front().touched_fills, 0);
}

}  // namespace loopsim
