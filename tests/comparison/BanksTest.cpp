#include <fstream>
#include <gtest/gtest.h>

#include "models/looptree/LoopTreeEstimate.hpp"
#include "sim/checks/LayoutAdvice.hpp"
#include "sim/machine/Simulate.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/comparison/BoundCase.hpp"

namespace loopsim {
namespace {

/// An input of 8 channels by 64 columns, each channel summed by a PE of its own: a step reads a column, 8 words, from
/// the buffer; the sums stay in the PEs.
const char* column_sums = R"(
architecture:
  version: 0.4
  nodes:
  - !Component {name: DRAM, class: DRAM, attributes: {width: 64, datawidth: 8}}
  - !Component {name: Buffer, class: SRAM, attributes: {depth: 1024, width: 64, datawidth: 8}}
  - !Container {name: PE, spatial: {meshX: 8}}
  - !Component {name: Register, class: regfile, attributes: {depth: 64, width: 8, datawidth: 8}}
  - !Component {name: MACs, class: intmac, attributes: {datawidth: 8}}
simulation:
  levels:
    Buffer: {banks: 4, line_bits: 64, bank_ports: dual}
    Register: {bandwidth: inf}
problem:
- shape:
    name: Sum
    dimensions: [C, X]
    data_spaces:
    - {name: In, dimensions: [In_C, In_X], projection: '[ C, X ]'}
    - {name: Out, dimensions: [Out_C], projection: '[ C ]', read_write: true}
  instance: 0 <= C < 8 and 0 <= X < 64
mapping:
  type: fused
  nodes:
  - {type: storage, target: DRAM, dspace: [In, Out]}
  - {type: storage, target: Buffer, dspace: [In, Out]}
  - {type: spatial, rank: C, tile_shape: 1}
  - {type: storage, target: Register, dspace: [Out]}
  - {type: temporal, rank: X, tile_shape: 1}
  - {type: compute, einsum: Sum, target: MACs}
)";

class BanksTest : public ::testing::Test {
 protected:
  BoundTree tree_with(const std::vector<std::string>& overrides, const std::string& text = column_sums) {
    const std::string file = (folder_.path() / "case.yaml").string();
    std::ofstream(file) << text;
    return bound_case({file}, overrides);
  }
  static Measurement run(const BoundTree& tree, Fidelity fidelity) {
    SimulationOptions options;
    options.fidelity = fidelity;
    return simulate(tree, options);
  }
  static std::int64_t detail(const Measurement& run, const std::string& name) {
    const auto& details = run.accounting.front().detail;
    const auto found = details.find(name);
    return found == details.end() ? 0 : found->second;
  }
  /// The warnings that have `words`, each in a line.
  static std::string warnings_about(const Measurement& run, const std::string& words) {
    std::string found;
    for (const std::string& warning : run.warnings) {
      if (warning.find(words) != std::string::npos) found += warning + "\n";
    }
    return found;
  }
  static const LayoutSlowdown& slowdown_of_input(const BoundTree& tree, const LoopTreeEstimate& estimate) {
    for (const LayoutSlowdown& layout : estimate.layout) {
      if (layout.tensor == tensor_named(tree, "In")) return layout;
    }
    throw std::logic_error("no layout of the input");
  }

  TemporaryFolder folder_;
};

/// A column's 8 channels in one line.
TEST_F(BanksTest, AConflictFreeLayoutAddsNoCycle) {
  const BoundTree tree = tree_with({"simulation.tensors.In.layout=XC_C8", "simulation.tensors.Out.first_bank=3"});
  EXPECT_EQ(slowdown_of_input(tree, estimate(tree)).lines_per_step, 1);
  EXPECT_EQ(slowdown_of_input(tree, estimate(tree)).slowdown, 1.0);
  const Measurement banked = run(tree, Fidelity::glb);
  EXPECT_EQ(detail(banked, "glb.bank_conflict"), 0);
  EXPECT_EQ(banked.accounting.front().compute, 64);
  EXPECT_EQ(banked.accounting.front().stall[static_cast<std::size_t>(StallCause::glb)],
            detail(banked, "glb.arbitration"));
}

/// Each channel in a line of its own, and these lines follow each other: 8 on 4 banks.
TEST_F(BanksTest, AConflictingLayoutAddsWhatTheClosedFormSays) {
  const BoundTree tree = tree_with({"simulation.tensors.In.layout=XC_X8"});
  const LayoutSlowdown closed = slowdown_of_input(tree, estimate(tree));
  EXPECT_EQ(closed.lines_per_step, 8);
  EXPECT_EQ(closed.slowdown, 0.5);
  const Measurement banked = run(tree, Fidelity::glb);
  // 64 steps of two cycles each; the sums go through the other port.
  EXPECT_EQ(detail(banked, "glb.bank_conflict"), 64);
  for (const LayoutCounters& layout : banked.glb.banks->layout) {
    if (layout.tensor != tensor_named(tree, "In")) continue;
    EXPECT_EQ(layout.steps, 64);
    EXPECT_EQ(layout.lines, 64 * 8);
    EXPECT_EQ(static_cast<double>(layout.steps) / static_cast<double>(layout.bank_cycles), closed.slowdown);
  }
}

/// Row-major lines of the channels lie a multiple of the banks apart: all in one bank, worse than the closed form says.
TEST_F(BanksTest, LinesThatMeetInOneBankAreWorseThanTheClosedForm) {
  const BoundTree tree = tree_with({});
  EXPECT_EQ(slowdown_of_input(tree, estimate(tree)).slowdown, 0.5);
  EXPECT_EQ(detail(run(tree, Fidelity::glb), "glb.bank_conflict"), 64 * 7);
}

/// Row-major, the 8 channels of a column take 8 cycles. Other lines take one: all channels in one.
TEST_F(BanksTest, AdviceNamesTheLayoutAndWhatItSaves) {
  const BoundTree tree = tree_with({});
  const Measurement measurement = run(tree, Fidelity::glb);
  const auto advice = layout_advice(tree, measurement);
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->saved_cycles, 448);
  ASSERT_EQ(advice->layouts.size(), 1U);
  EXPECT_EQ(advice->layouts.front().layout, "CX_C8");
  EXPECT_EQ(advice->layouts.front().cycles, 448);
  const std::string text = text_of(*advice, tree, measurement);
  EXPECT_EQ(text.find("steps wait 448 of "), 0U) << text;
  EXPECT_NE(text.find("simulation.tensors.In.layout=\"CX_C8\" (448 more without it)"), std::string::npos) << text;
}

TEST_F(BanksTest, NoAdviceWhereNoLayoutIsBetter) {
  const BoundTree tree = tree_with({"simulation.tensors.In.layout=XC_C8"});
  EXPECT_FALSE(layout_advice(tree, run(tree, Fidelity::glb)));
}

/// Lines of one word: 8 words of a step need two cycles on 4 banks in any layout.
TEST_F(BanksTest, NoAdviceWhereTheWordsAreTooManyForAnyLayout) {
  const BoundTree tree = tree_with({"simulation.tensors.In.layout=XC_C", "simulation.levels.Buffer.line_bits=8"});
  const Measurement narrow = run(tree, Fidelity::glb);
  EXPECT_GT(detail(narrow, "glb.bank_conflict"), narrow.cycles / 20);
  EXPECT_FALSE(layout_advice(tree, narrow));
}

/// The sums in the buffer: a line of inputs, which goes round the banks, and the line of sums, which stays: in every
/// fourth step they meet, whatever the order of the lines.
TEST_F(BanksTest, NoAdviceWhereTensorsMeetInAnyLayout) {
  std::string text = column_sums;
  const std::string sums_in_registers = "  - {type: storage, target: Register, dspace: [Out]}\n";
  text.erase(text.find(sums_in_registers), sums_in_registers.size());
  const BoundTree tree = tree_with({"simulation.tensors.In.layout=XC_C8"}, text);
  const Measurement meeting = run(tree, Fidelity::glb);
  EXPECT_EQ(detail(meeting, "glb.bank_conflict"), 64 / 4);
  EXPECT_FALSE(layout_advice(tree, meeting));
}

TEST_F(BanksTest, WithoutBanksThePortsStayAndAWarningSaysSo) {
  BoundTree tree = tree_with({});
  tree.architecture.memories[1].banks.reset();
  const Measurement ports = run(tree, Fidelity::glb);
  EXPECT_FALSE(ports.glb.banks);
  EXPECT_NE(warnings_about(ports, "'Buffer' has no banks"), "");
}

TEST_F(BanksTest, WithoutTheRungBanksDoNotCount) {
  const BoundTree tree = tree_with({});
  const Measurement fluid = run(tree, Fidelity::bandwidth);
  EXPECT_FALSE(fluid.glb.banks);
  EXPECT_EQ(detail(fluid, "glb.bank_conflict"), 0);
}

}  // namespace
}  // namespace loopsim
