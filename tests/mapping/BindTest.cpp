#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "tests/ParseText.hpp"
#include "tests/TemporaryFolder.hpp"

namespace loopsim {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A convolution of one dimension followed by another.
const char* const problem = R"(problem:
- shape:
    name: Conv1
    dimensions: [P1, C1, R1]
    data_spaces:
    - {name: Fmap1, dimensions: [F1_C, F1_P], projection: '[ C1, P1 + R1 ]'}
    - {name: Filter1, dimensions: [W1_C, W1_R], projection: '[ C1, R1 ]'}
    - {name: Fmap2, dimensions: [F2_P], projection: '[ P1 ]', read_write: True}
  instance: 0 <= P1 < 10 and 0 <= C1 < 2 and 0 <= R1 < 3
- shape:
    name: Conv2
    dimensions: [P2, R2]
    data_spaces:
    - {name: Fmap2, dimensions: [F2_P], projection: '[ P2 + R2 ]'}
    - {name: Filter2, dimensions: [W2_R], projection: '[ R2 ]'}
    - {name: Fmap3, dimensions: [F3_P], projection: '[ P2 ]', read_write: True}
  instance: 0 <= P2 < 8 and 0 <= R2 < 3
)";

const char* const dram = "- {type: storage, target: 0, dspace: [Fmap1, Filter1, Filter2, Fmap3]}\n";
const char* const buffer = "- {type: storage, target: 1, dspace: [Fmap1, Filter1, Filter2, Fmap2, Fmap3]}\n";
const char* const both = R"(- type: sequential
  branches:
  - - {type: compute, einsum: Conv1, target: 2}
  - - {type: compute, einsum: Conv2, target: 2}
)";

class BindTest : public ::testing::Test {
 protected:
  /// Binds nodes written at the left margin; what is reported is in diagnostics_.
  std::optional<BoundTree> bind_nodes(const std::string& nodes, const std::string& more = "") {
    std::string text = std::string(problem) + more + "mapping:\n  type: fused\n  nodes:\n";
    std::string line;
    for (char c : nodes) {
      line += c;
      if (c != '\n') continue;
      text += "  " + line;
      line.clear();
    }
    const Inputs inputs = load_inputs({folder_.write("test.yaml", text)});
    diagnostics_ = Diagnostics();
    try {
      return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics_);
    } catch (const InputError& error) {
      EXPECT_EQ(error.diagnostics.all().size(), diagnostics_.all().size());
      return std::nullopt;
    }
  }

  std::string error_of(const std::string& nodes, const std::string& more = "") {
    EXPECT_FALSE(bind_nodes(nodes, more)) << "was accepted";
    for (const Diagnostic& item : diagnostics_.all()) EXPECT_GT(item.where.line, 0) << item.message;
    return messages(diagnostics_);
  }

  TemporaryFolder folder_;
  Diagnostics diagnostics_;
};

TEST_F(BindTest, AGoodTreeBindsWithoutAWord) {
  const auto tree = bind_nodes(std::string(dram) + "- {type: temporal, rank: P2, tile_shape: 2}\n" + buffer + both);
  ASSERT_TRUE(tree);
  EXPECT_EQ(messages(diagnostics_), "");
  EXPECT_EQ(tree->nodes.size(), 4u + 1u + 5u + 1u + 2u);
  EXPECT_EQ(tree->tensors.size(), 5u);
}

TEST_F(BindTest, TheReuseLevelCountsTheIndicesAboveTheFirstNodeThatExploitsReuse) {
  const std::string loops = "- {type: temporal, rank: P2, tile_shape: 4}\n";
  const std::string held = "- {type: storage, target: 1, dspace: [Fmap2]}\n";
  const std::string lost = "- {type: storage, target: 1, dspace: [Fmap2], exploits_reuse: false}\n";
  const std::string rest = "- {type: storage, target: 1, dspace: [Fmap1, Filter1, Filter2, Fmap3]}\n";
  const auto level = [&](const std::string& nodes) {
    const auto tree = bind_nodes(dram + rest + nodes + both);
    EXPECT_TRUE(tree) << messages(diagnostics_);
    for (std::size_t t = 0; t < tree->tensors.size(); ++t) {
      if (tree->graph.tensors[TensorId(t)].name == "Fmap2") return tree->tensors[TensorId(t)].reuse_level;
    }
    return std::optional<std::size_t>();
  };
  EXPECT_EQ(level(held + loops), std::size_t{0});
  EXPECT_EQ(level(loops + held), std::size_t{1});
  EXPECT_EQ(level(lost + loops), std::nullopt);
  EXPECT_EQ(level(lost + loops + held), std::size_t{1});
}

TEST_F(BindTest, OnlyIntermediatesHaveAReuseLevel) {
  const auto tree = bind_nodes(std::string(dram) + buffer + both);
  ASSERT_TRUE(tree);
  for (std::size_t t = 0; t < tree->tensors.size(); ++t) {
    const bool intermediate = tree->graph.tensors[TensorId(t)].name == "Fmap2";
    EXPECT_EQ(tree->tensors[TensorId(t)].intermediate, intermediate);
    EXPECT_EQ(tree->tensors[TensorId(t)].reuse_level.has_value(), intermediate);
  }
}

TEST_F(BindTest, SpatialLoopsBelongToTheNextTargetBelowAndTakeAxesInOrder) {
  const auto tree = bind_nodes(std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: spatial, rank: P1, tile_shape: 5}
    - {type: temporal, rank: P1, tile_shape: 1}
    - {type: spatial, rank: C1, tile_shape: 1}
    - {type: spatial, rank: R1, tile_shape: 1}
    - {type: compute, einsum: Conv1, target: 2}
  - - {type: spatial, rank: P2, tile_shape: 4, spatial: 1}
    - {type: compute, einsum: Conv2, target: 2}
)");
  ASSERT_TRUE(tree) << messages(diagnostics_);
  std::vector<int> axes;
  for (const BoundNode& node : tree->nodes) {
    if (node.kind != NodeKind::spatial) continue;
    EXPECT_EQ(node.level, LevelId(2));
    axes.push_back(node.mesh_axis);
  }
  EXPECT_THAT(axes, ElementsAre(0, 1, 1, 1));
}

TEST_F(BindTest, StorageNodesOfOneTensorAtOneLevelAreNumbered) {
  const auto tree = bind_nodes(std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: storage, target: 1, dspace: [Fmap2]}
    - {type: compute, einsum: Conv1, target: 2}
  - - {type: storage, target: 1, dspace: [Fmap2]}
    - {type: compute, einsum: Conv2, target: 2}
)");
  ASSERT_TRUE(tree) << messages(diagnostics_);
  std::vector<int> ordinals;
  for (const BoundNode& node : tree->nodes) {
    if (node.kind == NodeKind::storage && tree->graph.tensors[node.tensor].name == "Fmap2")
      ordinals.push_back(node.ordinal);
  }
  EXPECT_THAT(ordinals, ElementsAre(0, 1, 2));
}

TEST_F(BindTest, UnknownNamesSuggestWhatWasMeant) {
  EXPECT_THAT(error_of("- {type: storage, target: 0, dspace: [Fmap1, Filter1, Filter2, Fmap2, Fmap3, Fmap33]}\n" +
                       std::string(both)),
              AllOf(HasSubstr("unknown tensor 'Fmap33'"), HasSubstr("did you mean 'Fmap3'?")));
  EXPECT_THAT(error_of(std::string(dram) + "- {type: temporal, rank: P3, tile_shape: 2}\n" + buffer + both),
              HasSubstr("unknown rank 'P3'"));
  EXPECT_THAT(error_of(std::string(dram) + buffer + "- {type: compute, einsum: Conv, target: 2}\n"),
              AllOf(HasSubstr("unknown einsum 'Conv'"), HasSubstr("did you mean")));
  EXPECT_THAT(error_of("- {type: storage, target: MainMemry, dspace: [Fmap1]}\n" + std::string(buffer) + both),
              AllOf(HasSubstr("unknown level 'MainMemry'"), HasSubstr("did you mean 'MainMemory'?")));
}

TEST_F(BindTest, ALevelThatTheMachineDoesNotHave) {
  const std::string machine = R"(architecture:
  version: 0.4
  nodes:
  - !Component {name: Dram, class: DRAM, attributes: {datawidth: 8, width: 64}}
  - !Component {name: Buffer, class: SRAM, attributes: {datawidth: 8, depth: 1024}}
  - !Component {name: MAC, class: intmac, attributes: {datawidth: 8}}
)";
  EXPECT_THAT(error_of(std::string(dram) + buffer + "- {type: storage, target: 7, dspace: [Fmap1]}\n" + both, machine),
              HasSubstr("level 7 does not exist; the machine has 0 (Dram), 1 (Buffer), 2 (MAC)"));
}

TEST_F(BindTest, AllErrorsAreReportedAtOnce) {
  const std::string text = error_of(std::string(dram) + "- {type: storage, target: 1, dspace: [Nothing]}\n" +
                                    "- {type: temporal, rank: Nowhere, tile_shape: 2}\n" + both);
  EXPECT_THAT(text, AllOf(HasSubstr("unknown tensor 'Nothing'"), HasSubstr("unknown rank 'Nowhere'")));
}

TEST_F(BindTest, EveryEinsumIsComputedOnce) {
  EXPECT_THAT(error_of(std::string(dram) + buffer + "- {type: compute, einsum: Conv2, target: 2}\n"),
              HasSubstr("einsum 'Conv1' of the problem has no compute node in the mapping"));
  EXPECT_THAT(error_of(std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: compute, einsum: Conv1, target: 2}
  - - {type: compute, einsum: Conv1, target: 2}
  - - {type: compute, einsum: Conv2, target: 2}
)"),
              HasSubstr("einsum 'Conv1' has a second compute node"));
}

TEST_F(BindTest, ALoopTilesTheLastEinsumBelow) {
  EXPECT_THAT(
      error_of(std::string(dram) + "- {type: temporal, rank: P1, tile_shape: 2}\n" + buffer + both),
      AllOf(HasSubstr("rank 'P1' belongs to 'Conv1'"), HasSubstr("'Conv2' (P2, R2)"), HasSubstr("are inferred")));
}

/// Two einsums that read one input and nothing of each other.
TEST_F(BindTest, AGroupWithTwoHeadsCannotBeTiled) {
  const std::string text = R"(problem:
- shape:
    name: Left
    dimensions: [P1]
    data_spaces:
    - {name: In, dimensions: [I], projection: '[ P1 ]'}
    - {name: A, dimensions: [A_P], projection: '[ P1 ]', read_write: True}
  instance: 0 <= P1 < 4
- shape:
    name: Right
    dimensions: [P2]
    data_spaces:
    - {name: In, dimensions: [I], projection: '[ P2 ]'}
    - {name: B, dimensions: [B_P], projection: '[ P2 ]', read_write: True}
  instance: 0 <= P2 < 4
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [In, A, B]}
  - {type: temporal, rank: P2, tile_shape: 2}
  - {type: storage, target: 1, dspace: [In, A, B]}
  - type: sequential
    branches:
    - - {type: compute, einsum: Left, target: 2}
    - - {type: compute, einsum: Right, target: 2}
)";
  const Inputs inputs = load_inputs({folder_.write("test.yaml", text)});
  EXPECT_THROW(bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics_),
               InputError);
  EXPECT_THAT(messages(diagnostics_),
              AllOf(HasSubstr("cannot tile a group with 2 heads ('Left' and 'Right')"), HasSubstr(":20:")));
}

TEST_F(BindTest, AnIntermediateIsStoredAboveBothItsUsers) {
  const std::string nodes =
      std::string(dram) + R"(- {type: storage, target: 1, dspace: [Fmap1, Filter1, Filter2, Fmap3]}
- type: sequential
  branches:
  - - {type: storage, target: 1, dspace: [Fmap2]}
    - {type: compute, einsum: Conv1, target: 2}
  - - {type: storage, target: 1, dspace: [Fmap2]}
    - {type: compute, einsum: Conv2, target: 2}
)";
  EXPECT_THAT(error_of(nodes),
              AllOf(HasSubstr("intermediate 'Fmap2' has no storage node above both 'Conv1'"),
                    HasSubstr("'Conv2', which reads it"), HasSubstr("above the branch where their paths part")));
}

TEST_F(BindTest, EveryTensorIsStoredSomewhere) {
  const std::string nodes =
      "- {type: storage, target: 1, dspace: [Fmap1, Filter2, Fmap2, Fmap3]}\n" + std::string(both);
  EXPECT_THAT(error_of(nodes), HasSubstr("'Filter1' of einsum 'Conv1' has no storage node above this compute node"));
}

TEST_F(BindTest, LevelsGoInwards) {
  const std::string nodes = std::string(dram) + buffer + "- {type: storage, target: 0, dspace: [Fmap1]}\n" + both;
  EXPECT_THAT(error_of(nodes),
              AllOf(HasSubstr("'Fmap1' is stored in 'MainMemory' below a node that stores it in 'GlobalBuffer'"),
                    HasSubstr("levels must go inwards")));
}

TEST_F(BindTest, TheComputeLevelStoresNothingAndLiesInnermost) {
  const std::string nodes = std::string(dram) + buffer + "- {type: storage, target: MACs, dspace: [Fmap1]}\n" + both;
  EXPECT_THAT(error_of(nodes),
              HasSubstr("level 'MACs' computes and cannot store; the memories are 0 (MainMemory), 1 (GlobalBuffer)"));
  const std::string outside = std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: compute, einsum: Conv1, target: 1}
  - - {type: compute, einsum: Conv2, target: 2}
)";
  EXPECT_THAT(error_of(outside),
              AllOf(HasSubstr("'Conv1' computes at level 'GlobalBuffer'"), HasSubstr("compute must be the innermost")));
}

TEST_F(BindTest, ProducersComeBeforeConsumers) {
  const std::string nodes = std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: compute, einsum: Conv2, target: 2}
  - - {type: compute, einsum: Conv1, target: 2}
)";
  EXPECT_THAT(error_of(nodes),
              AllOf(HasSubstr("this branch comes before the one that makes its data: 'Conv2' reads 'Fmap2', which "
                              "'Conv1' writes; put the branch of 'Conv1' first"),
                    HasSubstr("the branch of 'Conv1' begins here")));
}

TEST_F(BindTest, WhatIsOddIsAWarning) {
  ASSERT_TRUE(bind_nodes(std::string(dram) + "- {type: temporal, rank: P2, tile_shape: 99}\n" + buffer + both));
  EXPECT_THAT(messages(diagnostics_),
              HasSubstr("tile shape 99 is larger than rank 'P2' (8); the loop is one iteration"));
  ASSERT_TRUE(bind_nodes(std::string(dram) + buffer + R"(- type: sequential
  branches:
  - - {type: storage, target: 1, dspace: [Filter2]}
    - {type: compute, einsum: Conv1, target: 2, parallelism: 4}
  - - {type: compute, einsum: Conv2, target: 2}
)"));
  EXPECT_THAT(messages(diagnostics_),
              AllOf(HasSubstr("no einsum below this storage node uses 'Filter2'"),
                    HasSubstr("parallelism 4 of 'Conv1' is not used; the spatial loops above it unroll 1")));
}

}  // namespace
}  // namespace loopsim
