#include <gtest/gtest.h>

#include "sim/checks/FitCheck.hpp"
#include "sim/checks/LiveAtBoundaries.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/sim/functional/TreeOfFile.hpp"

namespace loopsim {
namespace {

std::optional<std::map<LevelId, std::int64_t>> carried(const BoundTree& tree) {
  return requirements(tree, make_schedule(tree)).live_at_boundaries;
}

/// Rows are tiled: what stays are the filters and the two rows of both inputs that the next tile's windows reach back
/// to.
TEST(LiveAtBoundaries, AreFiltersAndHaloRows) {
  const auto words = carried(tree_of_file(source_folder() / "docs/examples/fused.yaml"));
  ASSERT_TRUE(words);
  const std::int64_t filters = 16 * 8 * 9 + 8 * 16 * 9;
  const std::int64_t halos = 2 * 32 * 8 + 2 * 32 * 16;
  EXPECT_EQ(*words, (std::map<LevelId, std::int64_t>{{LevelId(1), filters + halos}}));
}

/// With whole rows held and a tip of one pixel: two rows of full width, and two columns of the rows of the current tile
/// that stay beyond it.
TEST(LiveAtBoundaries, AreRowsAndColumnsUnderATipOfOnePixel) {
  const auto words = carried(tree_of_file(source_folder() / "validation/mappings/vgge_front_pixel.yaml"));
  ASSERT_TRUE(words);
  const std::int64_t filters = 554'688;
  const std::int64_t maps = (2 * 224 + 2 * 4) * (3 + 64) + (2 * 112 + 2 * 2) * (64 + 128) + (2 * 56 + 2 * 1) * 128;
  EXPECT_EQ(words->at(LevelId(1)), filters + maps);
}

TEST(LiveAtBoundaries, NeedABranch) {
  const TemporaryFolder folder;
  const std::string file = folder.write("single.yaml", R"(
problem:
- shape:
    name: Fc
    dimensions: [P, C, M]
    data_spaces:
    - {name: In, dimensions: [In_P, In_C], projection: '[ P, C ]'}
    - {name: Weight, dimensions: [Weight_C, Weight_M], projection: '[ C, M ]'}
    - {name: Out, dimensions: [Out_P, Out_M], projection: '[ P, M ]', read_write: True}
  instance: 0 <= P < 8 and 0 <= C < 4 and 0 <= M < 4
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [In, Weight, Out]}
  - {type: temporal, rank: P, tile_shape: 2}
  - {type: storage, target: 1, dspace: [In, Weight, Out]}
  - {type: compute, einsum: Fc, target: 2}
)");
  EXPECT_FALSE(carried(tree_of_file(file)));
}

}  // namespace
}  // namespace loopsim
