#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "inputs/Inputs.hpp"
#include "sim/pe_array/ArrayExecutor.hpp"
#include "sim/schedule/TimeStream.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {

namespace {

/// Everything that the array does for one einsum, over all tile operations.
struct EinsumTotals {
  std::vector<TrafficPoint> points;
  std::vector<ArrayTraffic> traffic;
  std::int64_t steps = 0;
  std::int64_t operations = 0;
};

EinsumTotals execute_all(const BoundTree& tree, EinsumId einsum) {
  const ArrayProgram program = array_program(tree, einsum);
  EinsumTotals totals;
  totals.points = traffic_points(tree, program);
  totals.traffic.resize(totals.points.size());
  ArrayExecutor executor(tree, program);
  TimeStream stream(tree, program.top, {einsum});
  std::vector<NodeId> times;
  for (const NodeId node : indices_above(tree, program.top)) {
    if (tree.nodes[node].kind != NodeKind::spatial) times.push_back(node);
  }
  TimedIteration iteration;
  TimeIndex before;
  while (stream.next(iteration)) {
    std::vector<ArrayLane> lanes;
    for (const Lane& lane : iteration.lanes) lanes.push_back({lane.place, lane.operations.at(einsum)});
    std::optional<NodeId> advanced;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == iteration.time[i]) continue;
      if (before[i] + 1 == iteration.time[i]) advanced = times[i];
      break;
    }
    const ArrayOutcome& outcome = executor.execute(lanes, advanced);
    totals.steps += outcome.steps;
    totals.operations += outcome.operations;
    for (std::size_t p = 0; p < totals.points.size(); ++p) add(totals.traffic[p], outcome.traffic[p], 1);
    if (outcome.steps > 0) before = iteration.time;
  }
  return totals;
}

void expect_golden(const std::filesystem::path& yaml) {
  std::filesystem::path json = yaml;
  json.replace_extension(".expected.json");
  nlohmann::json expected;
  std::ifstream(json) >> expected;
  Inputs inputs = load_inputs({yaml.string()});
  Diagnostics diagnostics;
  const BoundTree tree =
      bind_mapping(std::move(inputs.graph), std::move(inputs.architecture), inputs.tree, inputs.bindings, diagnostics);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const std::string& name = tree.graph.einsums[EinsumId(e)].name;
    const EinsumTotals totals = execute_all(tree, EinsumId(e));
    EXPECT_EQ(totals.steps, expected["einsums"][name]["temporal_steps"]) << name;
    EXPECT_EQ(totals.operations, expected["einsums"][name]["ops"]) << name;
    if (!expected["parent_reads"].is_object()) continue;
    for (std::size_t p = 0; p < totals.points.size(); ++p) {
      const BoundNode& node = tree.nodes[totals.points[p].node];
      const std::string key =
          fmt::format("{}/{}/{}", node.level.value, tree.graph.tensors[totals.points[p].tensor].name, name);
      const ArrayTraffic& traffic = totals.traffic[p];
      EXPECT_EQ(traffic.touched_parent, expected["parent_reads"][key]) << key;
      EXPECT_EQ(traffic.peers, expected["peer_transfers"].value(key, std::int64_t{0})) << key;
      if (node.kind != NodeKind::storage) continue;
      EXPECT_EQ(traffic.touched_fills, expected["fills"][key]) << key;
      EXPECT_EQ(traffic.touched_max_occupancy, expected["max_occupancy"][key]) << key;
    }
  }
}

}  // namespace

TEST(ArrayGolden, FillsParentReadsAndPeersEqualTheReference) {
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "tests/goldens/looptree")) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path().filename().string());
    expect_golden(entry.path());
    ++cases;
  }
  EXPECT_GE(cases, 40U);
}

}  // namespace loopsim
