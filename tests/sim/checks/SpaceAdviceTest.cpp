#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "sim/checks/MinimumSpace.hpp"
#include "sim/checks/SpaceAdvice.hpp"

namespace loopsim {
namespace {

using ::testing::SizeIs;

/// Two layers one after the other on a buffer of `words`; the columns of Wa and of Wb are tiled by 32 of 64, with
/// `factor` by that many tiles.
BoundTree two_layers(std::int64_t words, bool factor = false) {
  const std::string half = factor ? "factor: 2" : "tile_shape: 32";
  const std::string text = R"(problem:
- shape:
    name: A
    dimensions: [Ma, Pa, Ca]
    data_spaces:
    - {name: X, projection: '[ Pa, Ca ]'}
    - {name: Wa, projection: '[ Ca, Ma ]'}
    - {name: Y, projection: '[ Pa, Ma ]', read_write: true}
  instance: {Ma: 64, Pa: 16, Ca: 64}
- shape:
    name: B
    dimensions: [Mb, Pb, Cb]
    data_spaces:
    - {name: Y, projection: '[ Pb, Cb ]'}
    - {name: Wb, projection: '[ Cb, Mb ]'}
    - {name: Z, projection: '[ Pb, Mb ]', read_write: true}
  instance: {Mb: 64, Pb: 16, Cb: 64}
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [X, Wa, Wb, Y, Z]}
  - type: sequential
    branches:
    - - {type: temporal, rank: Ma, )" +
                           half + R"(}
      - {type: storage, target: 1, dspace: [Wa]}
      - {type: temporal, rank: Pa, tile_shape: 4}
      - {type: storage, target: 1, dspace: [X, Y]}
      - {type: compute, einsum: A, target: 2}
    - - {type: temporal, rank: Mb, )" +
                           half + R"(}
      - {type: storage, target: 1, dspace: [Wb]}
      - {type: temporal, rank: Pb, tile_shape: 4}
      - {type: storage, target: 1, dspace: [Y, Z]}
      - {type: compute, einsum: B, target: 2}
architecture:
  nodes:
  - !Component {name: DRAM, class: DRAM, attributes: {datawidth: 8}}
  - !Component {name: Buffer, class: SRAM, attributes: {datawidth: 8, entries: )" +
                           std::to_string(words) + R"(}}
  - !Component {name: MACs, class: intmac}
)";
  const Inputs inputs = load_inputs_from({std::make_shared<SourceText>(SourceText{"a.yaml", text})});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

std::int64_t bits_of(const BoundTree& tree) {
  return minimum_space(tree, make_schedule(tree), [](const RetiredOperation&) {}).at(LevelId(1)).bits;
}

/// Neither loop alone helps, as both layers need as much.
TEST(SpaceAdvice, ATieNamesTheLoopsOfBoth) {
  for (const bool factor : {false, true}) {
    BoundTree tree = two_layers(2000, factor);
    const std::int64_t need = bits_of(tree);
    EXPECT_EQ(need, 8 * (2048 + 256 + 128));
    const auto advice = loops_to_shrink(tree, LevelId(1), need);
    ASSERT_TRUE(advice);
    ASSERT_THAT(advice->loops, SizeIs(2));
    for (const ShrunkLoop& shrunk : advice->loops) {
      BoundNode& loop = tree.nodes[shrunk.loop];
      EXPECT_EQ(loop.rank, 0U) << "of Ma, Pa, Ca";
      if (factor) {
        EXPECT_EQ(shrunk.factor, 4);
        loop.factor = shrunk.factor;
      } else {
        EXPECT_EQ(shrunk.tile_shape, 16);
        loop.tile_shape = shrunk.tile_shape;
      }
    }
    EXPECT_LE(advice->bits, 8 * 2000);
    EXPECT_EQ(bits_of(tree), advice->bits) << "what is advised is true";
  }
}

/// One loop is made as small as it has to be.
TEST(SpaceAdvice, OneLoopIsShrunkUntilItFits) {
  BoundTree tree = two_layers(1200);
  NodeId first;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    BoundNode& node = tree.nodes[NodeId(i)];
    if (node.kind != NodeKind::temporal || node.tile_shape != 32) continue;
    if (first == NodeId()) {
      first = NodeId(i);
    } else {
      node.tile_shape = 4;
    }
  }
  const auto advice = loops_to_shrink(tree, LevelId(1), bits_of(tree));
  ASSERT_TRUE(advice);
  ASSERT_THAT(advice->loops, SizeIs(1));
  EXPECT_EQ(advice->loops.front().loop, first);
  EXPECT_EQ(advice->loops.front().tile_shape, 8);
  EXPECT_LE(advice->bits, 8 * 1200);
}

}  // namespace
}  // namespace loopsim
