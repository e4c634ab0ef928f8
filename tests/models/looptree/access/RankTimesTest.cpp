#include <gtest/gtest.h>

#include "models/looptree/access/RankTimes.hpp"
#include "tests/models/looptree/TextTree.hpp"

namespace loopsim {
namespace {

constexpr const char* bounds = "0 <= M < 10 and 0 <= N < 4 and 0 <= K < 4";

struct Loops {
  explicit Loops(const std::string& nodes)
      : tree(tree_of_text(matrix_product(bounds, "  - {type: storage, target: 0, dspace: [A, B, Z]}\n" + nodes +
                                                     "  - {type: compute, einsum: Product, target: 2}\n"))) {}

  RankTimes times(Coordinate extent) const {
    return rank_times(tree, leaf_loops(tree, EinsumId(0)).loops, 0, IntervalSet(0, extent));
  }

  BoundTree tree;
};

TEST(RankTimes, ARankWithoutLoopsHasOneIteration) {
  const RankTimes times = Loops("  - {type: temporal, rank: N, tile_shape: 1}\n").times(10);
  EXPECT_EQ(times.width, 0);
  EXPECT_EQ(times.count, 1);
}

TEST(RankTimes, TheLastTileOfARaggedRankHasFewerIterations) {
  const RankTimes times = Loops(
                              "  - {type: temporal, rank: M, tile_shape: 4}\n"
                              "  - {type: temporal, rank: M, tile_shape: 1}\n")
                              .times(10);
  EXPECT_EQ(times.count, 10);
  EXPECT_EQ(std::vector<Coordinate>(times.rows.end() - 4, times.rows.end()), (std::vector<Coordinate>{2, 0, 2, 1}));
}

TEST(RankTimes, InstancesUnite) {
  const Loops loops(
      "  - {type: spatial, rank: M, tile_shape: 4}\n"
      "  - {type: temporal, rank: M, tile_shape: 1}\n");
  EXPECT_EQ(loops.times(10).rows, (std::vector<Coordinate>{0, 1, 2, 3}));
}

TEST(RankTimes, IncludesComparesIterationByIteration) {
  const Loops loops(
      "  - {type: temporal, rank: M, tile_shape: 4}\n"
      "  - {type: temporal, rank: M, tile_shape: 1}\n");
  EXPECT_TRUE(includes(loops.times(10), loops.times(7)));
  EXPECT_FALSE(includes(loops.times(7), loops.times(10)));
  EXPECT_TRUE(includes(loops.times(7), loops.times(7)));
}

TEST(RankTimes, IterationsInGapsDoNotExist) {
  const Loops loops("  - {type: temporal, rank: M, tile_shape: 2}\n");
  IntervalSet gap(0, 2);
  gap.append({6, 8});
  const RankTimes times = rank_times(loops.tree, leaf_loops(loops.tree, EinsumId(0)).loops, 0, gap);
  EXPECT_EQ(times.rows, (std::vector<Coordinate>{0, 3}));
  EXPECT_TRUE(includes(loops.times(8), times));
  EXPECT_FALSE(includes(loops.times(6), times));
}

}  // namespace
}  // namespace loopsim
