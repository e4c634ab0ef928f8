#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/buffers/ReductionEdges.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Y[P] = sum over C < 10 of X[P, C] with these loops above the tile operations.
ReductionEdges edges_of(const std::string& loops) {
  const BoundTree tree = tree_of_text(
      input_of(sum_over_columns("F", "X", "Y", 4, 10), "- {type: storage, target: 0, dspace: [X, Y]}\n" + loops +
                                                           R"(- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})"));
  return reduction_edges(tree, make_schedule(tree).leaves.front());
}

TEST(ReductionEdges, AreTheWholeRankWithoutALoop) {
  const ReductionEdges edges = edges_of("");
  EXPECT_THAT(edges.first, ElementsAre(0));
  EXPECT_THAT(edges.last, ElementsAre(9));
}

/// Tiles 0-3, 4-7 and 8-9 one after the other.
TEST(ReductionEdges, OfATemporalLoopEndWithItsLastTile) {
  const ReductionEdges edges = edges_of("- {type: temporal, rank: CF, tile_shape: 4}\n");
  EXPECT_THAT(edges.first, ElementsAre(0));
  EXPECT_THAT(edges.last, ElementsAre(9));
}

/// The same tiles side by side: the first instance has the largest tile and ends last.
TEST(ReductionEdges, OfASpatialLoopEndWithItsFirstTile) {
  const ReductionEdges edges = edges_of("- {type: spatial, rank: CF, tile_shape: 4}\n");
  EXPECT_THAT(edges.first, ElementsAre(0));
  EXPECT_THAT(edges.last, ElementsAre(3));
}

/// Tiles 0-5 and 6-9 one after the other; the last in halves, of which the first is 6-8 (shape 3).
TEST(ReductionEdges, OfSpatialInTemporalLoopsLieInTheLastTilesFirstInstance) {
  const ReductionEdges edges = edges_of(
      "- {type: temporal, rank: CF, tile_shape: 6}\n"
      "- {type: spatial, rank: CF, tile_shape: 3}\n");
  EXPECT_THAT(edges.last, ElementsAre(8));
}

TEST(ReductionEdges, LoopsOverOtherRanksChangeNothing) {
  EXPECT_THAT(edges_of("- {type: temporal, rank: PF, tile_shape: 3}\n").last, ElementsAre(9));
}

TEST(ReductionEdges, AnEinsumWithoutAReductionHasNone) {
  const BoundTree tree =
      tree_of_text(input_of(copy_of("F", "P", "X", "Y", 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})"));
  EXPECT_THAT(reduction_edges(tree, make_schedule(tree).leaves.front()).last, IsEmpty());
}

}  // namespace
}  // namespace loopsim
