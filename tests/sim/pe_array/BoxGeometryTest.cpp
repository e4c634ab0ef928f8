#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "sim/pe_array/BoxGeometry.hpp"
#include "sim/pe_array/StepWalker.hpp"

namespace loopsim {

namespace {

BoundTree bind_preset(const std::string& workload, const std::string& machine) {
  Inputs inputs = load_inputs({"preset:" + workload, "preset:" + machine});
  Diagnostics diagnostics;
  return bind_mapping(std::move(inputs.graph), std::move(inputs.architecture), inputs.tree, inputs.bindings,
                       diagnostics);
}

void expect_equal(const ArrayTraffic& a, const ArrayTraffic& b) {
  EXPECT_EQ(a.touched_fills, b.touched_fills);
  EXPECT_EQ(a.touched_parent, b.touched_parent);
  EXPECT_EQ(a.ruled_parent, b.ruled_parent);
  EXPECT_EQ(a.touched_max_occupancy, b.touched_max_occupancy);
  EXPECT_EQ(a.peers, b.peers);
  EXPECT_EQ(a.moved_fills, b.moved_fills);
  EXPECT_EQ(a.moved_parent, b.moved_parent);
  EXPECT_EQ(a.first_updates, b.first_updates);
  EXPECT_EQ(a.reduction_starts, b.reduction_starts);
}

/// Both geometries over the first tile operations of an einsum.
void expect_same_counts(const BoundTree& tree, EinsumId einsum) {
  const ArrayProgram program = array_program(tree, einsum);
  const std::vector<ArrayPoint> points = array_points(tree, program);
  DemandTable demands(tree, einsum);
  InstanceGeometry instances(tree, program, points, demands);
  BoxGeometry boxes(tree, program, points, demands, instances);
  StepWalker by_instance(tree, program, points, instances, demands);
  StepWalker by_box(tree, program, points, boxes, demands);
  TileStream stream(tree, program.top, {einsum});
  std::vector<ArrayLane> before;
  for (int tile = 0; tile < 3 && stream.next(); ++tile) {
    const std::vector<ArrayLane> lanes{{{}, stream.operations(einsum)}};
    if (lanes.front().operations.empty()) continue;
    const auto walk = [&](auto& geometry, StepWalker& walker) -> const WalkOutcome& {
      TileState previous;
      if (!before.empty()) previous = geometry.state_of(before);
      return walker.walk(geometry.state_of(lanes), before.empty() ? nullptr : &previous,
                         tile > 0 ? program.loop_above : std::nullopt);
    };
    const WalkOutcome& expected = walk(instances, by_instance);
    const WalkOutcome& actual = walk(boxes, by_box);
    EXPECT_EQ(actual.steps, expected.steps);
    EXPECT_EQ(actual.operations, expected.operations);
    for (std::size_t p = 0; p < points.size(); ++p) expect_equal(actual.traffic[p], expected.traffic[p]);
    ASSERT_EQ(actual.runs.size(), expected.runs.size());
    for (std::size_t r = 0; r < actual.runs.size(); ++r) {
      EXPECT_EQ(actual.runs[r].steps, expected.runs[r].steps);
      EXPECT_EQ(actual.runs[r].demand, expected.runs[r].demand);
    }
    before = lanes;
  }
}

}  // namespace

/// Arrays of 16 x 16, which are too large for the naive execution.
TEST(BoxGeometry, CountsWholeArraysLikeTheGeometryOfInstances) {
  for (const char* workload : {"resnet18_block/fused", "mobilenetv2_block/fused", "attention_flash/fused"}) {
    BoundTree tree = bind_preset(workload, "edge");
    tree.architecture.noc.reset();  // the geometries pack packets in different orders
    for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
      SCOPED_TRACE(std::string(workload) + " " + tree.graph.einsums[EinsumId(e)].name);
      expect_same_counts(tree, EinsumId(e));
    }
  }
}

}  // namespace loopsim
