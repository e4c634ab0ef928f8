#include <gtest/gtest.h>
#include <map>

#include "inputs/Inputs.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

LoopTreeEstimate estimate_of(const std::string& mapping, const std::vector<std::string>& overrides = {}) {
  std::vector<std::string> files;
  for (const std::string& name : {std::string("problem"), std::string("architecture"), mapping}) {
    files.push_back((source_folder() / "docs/examples/tutorial" / (name + ".yaml")).string());
  }
  const Inputs inputs = load_inputs(files, overrides);
  Diagnostics diagnostics;
  return estimate(bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics));
}

std::map<std::string, double> energies(const LoopTreeEstimate& result) {
  std::map<std::string, double> sums;
  for (const EnergyMeasure& energy : result.measures.energy) sums[energy.component + " " + energy.action] += energy.pj;
  return sums;
}

void expect_energies(const LoopTreeEstimate& result, const std::map<std::string, double>& published) {
  const auto ours = energies(result);
  ASSERT_EQ(ours.size(), published.size());
  for (const auto& [action, pj] : published) {
    ASSERT_EQ(ours.count(action), 1U) << action;
    EXPECT_NEAR(ours.at(action), pj, 1e-9 * pj) << action;
  }
}

/// What LoopTree's tutorial gives with a version that elides first reads and counts fills; see
/// docs/looptree-tutorial.md.
TEST(Tutorial, Layers) {
  const LoopTreeEstimate result = estimate_of("layers");
  EXPECT_EQ(result.cycles, 1'048'576);
  expect_energies(result, {{"MainMemory read", 50331648.0},
                           {"MainMemory write", 33554432.0},
                           {"GlobalBuffer read", 380775448.57600003},
                           {"GlobalBuffer write", 123521941.50400001},
                           {"MACC mac", 886046.72}});
}

TEST(Tutorial, Fused) {
  const LoopTreeEstimate result = estimate_of("fused");
  EXPECT_EQ(result.cycles, 1'048'576);
  expect_energies(result, {{"MainMemory read", 33554432.0},
                           {"MainMemory write", 16777216.0},
                           {"GlobalBuffer read", 380775448.57600003},
                           {"GlobalBuffer write", 122579025.92},
                           {"MACC mac", 886046.72}});
}

TEST(Tutorial, FusedAsAPipeline) {
  EXPECT_EQ(estimate_of("fused", {"mapping.nodes.4.type=pipeline"}).cycles, 528'384);
}

}  // namespace
}  // namespace loopsim
