#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/checks/MinimumSpace.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;

const auto ignore = [](const RetiredOperation&) {};

/// Each operation reads six words of X and three of W, and makes four of Y.
TEST(MinimumSpace, IsThatOfOneOperationAfterTheOther) {
  const BoundTree tree =
      tree_of_text(input_of(window_over("F", "X", "W", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, W, Y]}
- {type: storage, target: 1, dspace: [W]}
- {type: temporal, rank: PF, tile_shape: 4}
- {type: storage, target: 1, dspace: [X, Y]}
- {type: compute, einsum: F, target: 2})") +
                   buffer_of(1000));
  const auto peaks = minimum_space(tree, make_schedule(tree), ignore);
  EXPECT_EQ(peaks.at(LevelId(1)).words, 13);
  EXPECT_EQ(peaks.at(LevelId(1)).bits, 8 * 13);
}

TEST(MinimumSpace, OfAPipelineIsThatOfASequential) {
  for (const char* branch : {"pipeline", "sequential"}) {
    const BoundTree tree = tree_of_text(two_layers(branch, 4));
    EXPECT_EQ(minimum_space(tree, make_schedule(tree), ignore).at(LevelId(1)).words, 4) << branch;
  }
}

TEST(MinimumSpace, ShowsEveryOperationInTreeOrder) {
  const BoundTree tree = tree_of_text(two_layers("pipeline", 4));
  const Schedule schedule = make_schedule(tree);
  std::vector<std::string> seen;
  std::vector<bool> last;
  std::vector<std::int64_t> held;
  minimum_space(tree, schedule, [&](const RetiredOperation& retired) {
    EXPECT_EQ(retired.plan.leaf, retired.operation.leaf);
    seen.push_back(describe(tree, schedule, retired.operation));
    last.push_back(retired.last_of_tile);
    held.push_back(retired.holdings.words_held(LevelId(1)).value);
  });
  EXPECT_THAT(seen, ElementsAre("F tile [0, 0]", "G tile [0, 1]", "F tile [1, 0]", "G tile [1, 1]"));
  EXPECT_THAT(last, ElementsAre(false, true, false, true));
  EXPECT_THAT(held, ElementsAre(2, 0, 2, 0)) << "Y, from F to G";
}

/// Two instances add up halves of the same sums: where the second one would have them from has no words.
TEST(MinimumSpace, AMappingThatCountsOnWordsNobodyHoldsIsRefused) {
  const BoundTree tree =
      tree_of_text(input_of(sum_over_columns("F", "X", "Y", 2, 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: spatial, rank: CF, tile_shape: 2}
- {type: storage, target: 1, dspace: [Y]}
- {type: compute, einsum: F, target: 2})"));
  try {
    minimum_space(tree, make_schedule(tree), ignore);
    FAIL() << "it is taken";
  } catch (const UnheldWordsError& error) {
    EXPECT_STREQ(error.what(), "words of 'Y' are to be filled from a buffer that does not hold them");
  }
}

}  // namespace
}  // namespace loopsim
