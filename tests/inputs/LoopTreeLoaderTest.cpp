#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mapping/LoopTreeLoader.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

LoopTree load(const std::string& text, Diagnostics& diagnostics) {
  return load_loop_tree(*parse_text(text, diagnostics), diagnostics);
}

std::string errors_of(const std::string& nodes) {
  Diagnostics diagnostics;
  load("type: fused\nnodes:\n" + nodes, diagnostics);
  return messages(diagnostics);
}

TEST(LoopTreeLoader, ReadsEveryNode) {
  Diagnostics diagnostics;
  const LoopTree tree = load(
      "type: fused\nnodes:\n"
      "- {type: storage, target: 0, dspace: [A, B], exploits_reuse: false}\n"
      "- {type: temporal, rank: P2, tile_shape: 2*2, iterator_name: t}\n"
      "- {type: temporal, dimension: Q2, tile-size: 3}\n"
      "- {type: spatial, rank: M2, factor: 4, spatial: 1}\n"
      "- type: pipeline\n  branches:\n"
      "  - [{type: compute, einsum: E1, target: MACs, parallelism: 256}]\n"
      "  - - type: sequential\n      branches: [[{type: compute, einsum: E2, target: 02}]]\n",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  ASSERT_EQ(tree.nodes.size(), 5U);
  const auto& storage = std::get<StorageSpec>(tree.nodes[0].spec);
  EXPECT_EQ(storage.target, "0");
  EXPECT_EQ(storage.tensors, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(describe(storage.tensors_where[1]), "test.yaml:3:42");
  EXPECT_FALSE(storage.exploits_reuse);
  const auto& loop = std::get<LoopSpec>(tree.nodes[1].spec);
  EXPECT_EQ(loop.rank, "P2");
  EXPECT_EQ(loop.tile_shape, 4);
  EXPECT_EQ(loop.kind, LoopSpec::Kind::temporal);
  const auto& alias = std::get<LoopSpec>(tree.nodes[2].spec);
  EXPECT_EQ(alias.rank, "Q2");
  EXPECT_EQ(alias.tile_shape, 3);
  const auto& spatial = std::get<LoopSpec>(tree.nodes[3].spec);
  EXPECT_EQ(spatial.kind, LoopSpec::Kind::spatial);
  EXPECT_EQ(spatial.factor, 4);
  EXPECT_EQ(spatial.mesh_axis, 1);
  const auto& pipeline = std::get<BranchSpec>(tree.nodes[4].spec);
  EXPECT_EQ(pipeline.kind, BranchSpec::Kind::pipeline);
  ASSERT_EQ(pipeline.branches.size(), 2U);
  const auto& compute = std::get<ComputeSpec>(pipeline.branches[0][0].spec);
  EXPECT_EQ(compute.einsum, "E1");
  EXPECT_EQ(compute.target, "MACs");
  EXPECT_EQ(compute.parallelism, 256);
  const auto& inner = std::get<BranchSpec>(pipeline.branches[1][0].spec);
  EXPECT_EQ(std::get<ComputeSpec>(inner.branches[0][0].spec).target, "2");
}

TEST(LoopTreeLoader, RefusesWhatIsWrong) {
  const std::string compute = "- {type: compute, einsum: E, target: 2}\n";
  EXPECT_EQ(errors_of(compute), "");
  EXPECT_THAT(errors_of("- {type: temporl, rank: P, tile_shape: 1}\n" + compute),
              HasSubstr("test.yaml:3:10: unknown node type 'temporl'; did you mean 'temporal'?"));
  EXPECT_THAT(errors_of("- {type: parallel, branches: []}\n"), HasSubstr("'parallel' is not supported"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P, tile_shape: 0}\n" + compute),
              HasSubstr("test.yaml:3:41: tile_shape: expected a positive integer, got '0'"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P, factor: -2}\n" + compute),
              HasSubstr("factor: expected a positive"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P, tile_shape: 1, factor: 2}\n" + compute), HasSubstr("not both"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P}\n" + compute), HasSubstr("lacks 'tile_shape'"));
  EXPECT_THAT(errors_of("- {type: temporal, tile_shape: 1}\n" + compute), HasSubstr("lacks 'rank'"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P, tile_shpe: 1}\n" + compute),
              HasSubstr("did you mean 'tile_shape'?"));
  EXPECT_THAT(errors_of("- {type: temporal, rank: P, tile_shape: 1, spatial: 0}\n" + compute),
              HasSubstr("unknown key 'spatial'"));
  EXPECT_THAT(errors_of("- {type: spatial, rank: P, tile_shape: 1, spatial: 2}\n" + compute), HasSubstr("from 0 to 1"));
  EXPECT_THAT(errors_of("- {type: storage, target: 0, dspace: A}\n" + compute), HasSubstr("dspace: expected a list"));
  EXPECT_THAT(errors_of("- {type: storage, target: 0, dspace: []}\n" + compute), HasSubstr("at least one tensor"));
  EXPECT_THAT(errors_of("- {type: storage, target: 0, dspace: [A, A]}\n" + compute), HasSubstr("listed twice"));
  EXPECT_THAT(errors_of("- {type: storage, target: -1, dspace: [A]}\n" + compute), HasSubstr("from 0 to 63"));
  EXPECT_THAT(errors_of("- {type: storage, dspace: [A]}\n" + compute), HasSubstr("lacks 'target'"));
  EXPECT_THAT(errors_of("- {type: storage, target: 0, dspace: [A]}\n"), HasSubstr("the list ends in a storage node"));
  EXPECT_THAT(errors_of(compute + compute), HasSubstr("nothing may follow a compute node"));
  EXPECT_THAT(errors_of("- {type: sequential, branches: []}\n"), HasSubstr("at least one branch"));
  EXPECT_THAT(errors_of("- {type: sequential, branches: [[]]}\n"), HasSubstr("a branch has no nodes"));
  EXPECT_THAT(errors_of("- {type: sequential, branches: [[{type: temporal, rank: P, tile_shape: 1}]]}\n"),
              HasSubstr("the list ends in a temporal node"));
  EXPECT_THAT(errors_of("- {type: sequential}\n"), HasSubstr("lacks 'branches'"));
  EXPECT_THAT(errors_of("- temporal\n"), HasSubstr("a mapping node: expected a map"));
}

TEST(LoopTreeLoader, KnowsOnlyFusedMappings) {
  Diagnostics diagnostics;
  load("type: uber\nnodes: [{type: compute, einsum: E, target: 1}]\nnods: 3\n", diagnostics);
  EXPECT_THAT(messages(diagnostics), HasSubstr("mapping type 'uber' is not read; expected 'fused'"));
  EXPECT_THAT(messages(diagnostics), HasSubstr("unknown key 'nods'"));
}

TEST(LoopTreeLoader, RefusesTreesThatGrowByAliases) {
  std::string text = "x: &b0 [{type: compute, einsum: E, target: 1}]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string below = "*b" + std::to_string(i - 1);
    text += "x" + std::to_string(i) + ": &b" + std::to_string(i) + " [{type: sequential, branches: [" + below + ", " +
            below + "]}]\n";
  }
  text += "nodes: *b29\ntype: fused\n";
  Diagnostics diagnostics;
  load(text, diagnostics);
  EXPECT_THAT(messages(diagnostics), HasSubstr("the mapping has more than"));
}

}  // namespace
}  // namespace loopsim
