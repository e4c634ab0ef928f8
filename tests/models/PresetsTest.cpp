#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "models/Inputs.hpp"
#include "models/looptree/Estimate.hpp"
#include "models/tree/BoundTree.hpp"
#include "tests/TestPaths.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {
namespace {

/// Loads and binds; every diagnostic is a failure.
BoundTree bound(const std::vector<std::string>& files) {
  Inputs inputs = load_inputs(files);
  for (const Diagnostic& warning : inputs.warnings) ADD_FAILURE() << render(warning);
  Diagnostics diagnostics;
  BoundTree tree = loopsim::bind(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << render(diagnostic);
  return tree;
}

TEST(Presets, EveryWorkloadBindsOnEveryMachine) {
  std::vector<std::string> workloads, machines;
  for (const Preset& preset : presets()) {
    (preset.kind == "machine" ? machines : workloads).push_back("preset:" + std::string(preset.name));
  }
  for (const std::string& workload : workloads) {
    SCOPED_TRACE(workload);
    EXPECT_EQ(bound({workload}).architecture.memories.size(), 3u);
    for (const std::string& machine : machines) {
      SCOPED_TRACE(machine);
      const BoundTree tree = bound({workload, machine});
      ASSERT_EQ(tree.architecture.memories.size(), 3u);
      EXPECT_EQ(tree.architecture.memories[1].name, "GlobalBuffer");
      EXPECT_EQ(tree.architecture.built_in_ideal, machine == "preset:ideal");
    }
  }
}

struct Twin {
  std::string name;
  std::int64_t off_chip_words;  ///< moved, each word's fetch counted once
  std::int64_t global_buffer_words;
  /// LoopTree charges a tensor that two einsums read to both, though one allocation serves them: the block's input.
  std::int64_t shared_fill;
};

void PrintTo(const Twin& twin, std::ostream* out) {
  *out << twin.name;
}

class PresetTwin : public ::testing::TestWithParam<Twin> {};

/// The words that the comments of the presets work out by hand, at the size of the twins.
TEST_P(PresetTwin, EstimateGivesTheWordsWorkedOutByHand) {
  const Twin& twin = GetParam();
  const std::string folder = source_folder() / "tests/presets_small";
  const Estimate result = estimate(bound({folder + "/" + twin.name + ".yaml", folder + "/edge.yaml"}));
  const LevelMeasures& off_chip = result.measures.levels[LevelId(0)];
  EXPECT_EQ(off_chip.reads + off_chip.writes, twin.off_chip_words + twin.shared_fill);
  EXPECT_EQ(result.required_words[LevelId(1)], twin.global_buffer_words);
  for (const EinsumMeasures& einsum : result.measures.einsums) EXPECT_EQ(einsum.ops, einsum.space_ops);
}

const std::vector<Twin> twins = {
    {"fc_fc/fused", 512, 384, 0},
    {"fc_fc/layers", 1024, 224, 0},
    {"resnet18_block/fused", 2176, 1920, 512},
    {"resnet18_block/layers", 4736, 960, 0},  // 2176 + 2 x 2 x 512 + 512
    {"mobilenetv2_block/fused", 1020, 1164, 384},
    {"mobilenetv2_block/layers", 5244, 684, 0},
    {"attention_rows/fused", 512, 848, 0},
    {"attention_rows/layers", 2880, 320, 0},
    {"attention_flash/fused", 800, 340, 0},
    {"attention_flash/layers", 1872, 244, 0},
};

INSTANTIATE_TEST_SUITE_P(Presets, PresetTwin, ::testing::ValuesIn(twins));

}  // namespace
}  // namespace loopsim
