#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "tests/TestPaths.hpp"
#include "workloads/Presets.hpp"

namespace loopsim {
namespace {

/// Loads and binds; every diagnostic is a failure.
BoundTree bound(const std::vector<std::string>& files) {
  Inputs inputs = load_inputs(files);
  for (const Diagnostic& warning : inputs.warnings) ADD_FAILURE() << render(warning);
  Diagnostics diagnostics;
  BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
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

struct Words {
  std::string name;
  std::int64_t off_chip;       ///< moved, each word's fetch counted once
  std::int64_t global_buffer;  ///< capacity
  /// LoopTree charges a tensor that two einsums read to both, though one allocation serves them: the block's input.
  std::int64_t shared_fill;
};

void PrintTo(const Words& words, std::ostream* out) {
  *out << words.name;
}

void expect_words(const Words& words, const std::vector<std::string>& files) {
  const LoopTreeEstimate result = estimate(bound(files));
  const LevelMeasures& off_chip = result.measures.levels[LevelId(0)];
  EXPECT_EQ(off_chip.reads + off_chip.writes, words.off_chip + words.shared_fill);
  EXPECT_EQ(result.required_words[LevelId(1)], words.global_buffer);
  for (const EinsumMeasures& einsum : result.measures.einsums) EXPECT_EQ(einsum.ops, einsum.space_ops);
}

class PresetWords : public ::testing::TestWithParam<Words> {};

/// The words that the comments of the presets work out by hand.
TEST_P(PresetWords, AsWorkedOutByHand) {
  expect_words(GetParam(), {"preset:" + GetParam().name, "preset:edge"});
}

const std::vector<Words> presets_by_hand = {
    {"fc_fc/fused", 262'144, 180'224, 0},
    {"fc_fc/layers", 786'432, 106'496, 0},
    {"resnet18_block/fused", 475'136, 145'408, 200'704},
    {"resnet18_block/layers", 475'136 + 2 * 2 * 200'704 + 200'704, 72'704, 0},
    {"mobilenetv2_block/fused", 158'736, 106'320, 75'264},
    {"mobilenetv2_block/layers", 2'190'864, 81'936, 0},
    {"attention_rows/fused", 131'072, 120'896, 0},
    {"attention_rows/layers", 2'295'808, 51'200, 0},
    {"attention_flash/fused", 329'728, 49'472, 0},
    {"attention_flash/layers", 1'247'744, 70'208, 0},
    {"vgge_front/fused", 1'508'032, 1'130'368, 0},
    {"vgge_front/layers", 24'609'472, 252'928, 0},
    {"fsrcnn/fused", 2'605'528, 959'128, 0},
    {"fsrcnn/layers", 181'056'088, 171'392, 0},
};

INSTANTIATE_TEST_SUITE_P(All, PresetWords, ::testing::ValuesIn(presets_by_hand));

/// The scaled-down presets of the tests.
class TwinWords : public ::testing::TestWithParam<Words> {};

TEST_P(TwinWords, AsWorkedOutByHand) {
  const std::string folder = source_folder() / "tests/presets_small";
  expect_words(GetParam(), {folder + "/" + GetParam().name + ".yaml", folder + "/edge.yaml"});
}

const std::vector<Words> twins_by_hand = {
    {"fc_fc/fused", 512, 384, 0},
    {"fc_fc/layers", 1024, 224, 0},
    {"resnet18_block/fused", 2176, 1920, 512},
    {"resnet18_block/layers", 2176 + 2 * 2 * 512 + 512, 960, 0},
    {"mobilenetv2_block/fused", 1020, 1164, 384},
    {"mobilenetv2_block/layers", 5244, 684, 0},
    {"attention_rows/fused", 512, 848, 0},
    {"attention_rows/layers", 2880, 320, 0},
    {"attention_flash/fused", 800, 340, 0},
    {"attention_flash/layers", 1872, 244, 0},
    {"vgge_front/fused", 1724, 3660, 0},
    {"vgge_front/layers", 7132, 784, 0},
    {"fsrcnn/fused", 1480, 2304, 0},
    {"fsrcnn/layers", 8584, 480, 0},
};

INSTANTIATE_TEST_SUITE_P(All, TwinWords, ::testing::ValuesIn(twins_by_hand));

}  // namespace
}  // namespace loopsim
