#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sstream>

#include "arch/FidelityName.hpp"
#include "sim/checks/LayoutAdvice.hpp"
#include "sim/machine/Simulate.hpp"
#include "tests/comparison/BoundCase.hpp"
#include "tests/support/ForkedRun.hpp"

namespace loopsim {
namespace {

struct Advised {
  std::int64_t cycles = 0;
  std::int64_t conflicts = 0;
  std::int64_t saved = 0;
  std::vector<std::pair<std::string, std::string>> layouts;  ///< tensor and layout
};

BoundTree row_major_tree(const std::string& workload, const std::string& machine) {
  BoundTree tree = bound_case({"preset:" + workload, "preset:" + machine});
  for (std::size_t t = 0; t < tree.tensors.size(); ++t) {
    tree.tensors[TensorId(t)].layout = row_major(tree.graph.tensors[TensorId(t)].dimensions.size());
  }
  return tree;
}

/// A run in a process of its own, as its cycles, conflicts, what the advice promises, and a layout a line.
Advised run(const BoundTree& tree, Fidelity fidelity) {
  const ForkedResult result = run_forked([&] {
    SimulationOptions options;
    options.fidelity = fidelity;
    const Measurement measurement = simulate(tree, options);
    const auto advice = layout_advice(tree, measurement);
    std::string text = fmt::format("{} {} {}\n", measurement.cycles, measurement.glb.banks->conflict_cycles,
                                   advice ? advice->saved_cycles : 0);
    if (!advice) return text;
    for (const AdvisedLayout& layout : advice->layouts) {
      text += fmt::format("{} {}\n", tree.graph.tensors[layout.tensor].name, layout.layout);
    }
    return text;
  });
  EXPECT_TRUE(result.finished) << result.text;
  Advised advised;
  std::istringstream lines(result.text);
  lines >> advised.cycles >> advised.conflicts >> advised.saved;
  std::string tensor;
  std::string layout;
  while (lines >> tensor && std::getline(lines >> std::ws, layout)) advised.layouts.emplace_back(tensor, layout);
  return advised;
}

BoundTree follow(BoundTree tree, const Advised& advised) {
  for (const auto& [name, text] : advised.layouts) {
    const TensorId tensor = tensor_named(tree, name);
    Diagnostics diagnostics;
    const auto layout = parse_layout(text, name, tree.graph.tensors[tensor].dimensions, {}, diagnostics);
    EXPECT_TRUE(layout) << name << ": " << text;
    if (layout) tree.tensors[tensor].layout = *layout;
  }
  return tree;
}

struct Case {
  const char* workload;
  const char* machine;
  Fidelity fidelity = Fidelity::glb;
  bool memory_bound = false;  ///< without the conflicts main memory sets the pace
};

class LayoutAdviceTest : public ::testing::TestWithParam<Case> {};

/// Convolutions, depthwise and pointwise ones, additions, matrix products, fused and not, with layouts left out. As
/// many conflicts go as is promised, and so many cycles, unless something else then sets the pace; nothing is left to
/// say.
TEST_P(LayoutAdviceTest, FollowedItSavesWhatItPromises) {
  const Case& one = GetParam();
  const BoundTree tree = row_major_tree(one.workload, one.machine);
  const Advised before = run(tree, one.fidelity);
  ASSERT_FALSE(before.layouts.empty());
  const Advised after = run(follow(tree, before), one.fidelity);
  const auto promised = static_cast<double>(before.saved);
  EXPECT_NEAR(static_cast<double>(before.conflicts - after.conflicts), promised, 0.05 * promised);
  const auto saved = static_cast<double>(before.cycles - after.cycles);
  EXPECT_LE(saved, 1.05 * promised);
  EXPECT_GE(saved, one.memory_bound ? 0.5 * promised : 0.95 * promised);
  EXPECT_EQ(after.saved, 0);
}

INSTANTIATE_TEST_SUITE_P(Presets, LayoutAdviceTest,
                         ::testing::Values(Case{"resnet18_block/layers", "edge"}, Case{"resnet18_block/fused", "edge"},
                                           Case{"mobilenetv2_block/layers", "edge"},
                                           Case{"mobilenetv2_block/fused", "large"}, Case{"fc_fc/layers", "edge"},
                                           Case{"attention_rows/layers", "edge", Fidelity::glb, true},
                                           Case{"attention_flash/fused", "edge"},
                                           Case{"resnet18_block/fused", "edge", Fidelity::noc}),
                         [](const ::testing::TestParamInfo<Case>& tested) {
                           std::string name = fmt::format("{}_{}_{}", tested.param.workload, tested.param.machine,
                                                          fidelity_word(tested.param.fidelity));
                           for (char& c : name) c = c == '/' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace loopsim
