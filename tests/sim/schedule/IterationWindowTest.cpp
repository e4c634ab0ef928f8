#include <gtest/gtest.h>
#include <stdexcept>

#include "sim/schedule/IterationWindow.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

/// Three tiles of two rows, with two tiles of columns in each.
BoundTree two_loops() {
  return tree_of_text(input_of(sum_over_columns("F", "X", "Y", 6, 4), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: temporal, rank: PF, tile_shape: 2}
- {type: storage, target: 1, dspace: [Y]}
- {type: temporal, rank: CF, tile_shape: 2}
- {type: storage, target: 1, dspace: [X]}
- {type: compute, einsum: F, target: 2})"));
}

TEST(IterationWindow, NumbersTheIterationsAboveANode) {
  const BoundTree tree = two_loops();
  IterationWindow outer(tree, storage_of(tree, "Y", 1), {EinsumId(0)});
  EXPECT_EQ(outer.ordinal({0, 0}), 0) << "indices below the node do not matter";
  EXPECT_EQ(outer.ordinal({0, 1}), 0);
  EXPECT_EQ(outer.ordinal({2, 1}), 2);
  EXPECT_EQ(outer.ordinal({1, 0}), 1) << "others may be further on";
  IterationWindow inner(tree, storage_of(tree, "X", 1), {EinsumId(0)});
  EXPECT_EQ(inner.ordinal({1, 0}), 2);
  EXPECT_EQ(inner.ordinal({2, 1}), 5);
}

TEST(IterationWindow, GivesIterationsByNumber) {
  const BoundTree tree = two_loops();
  IterationWindow window(tree, storage_of(tree, "Y", 1), {EinsumId(0)});
  const TimedIteration* second = window.at(1);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->time, TimeIndex{1});
  ASSERT_EQ(second->lanes.size(), 1U);
  EXPECT_EQ(second->lanes.front().operations.at(EinsumId(0)).size(), 2 * 4);
  EXPECT_EQ(window.at(3), nullptr) << "past the last one";
  EXPECT_NE(window.at(0), nullptr) << "earlier ones are kept";
}

TEST(IterationWindow, ForgetsWhatNobodyAsksForAnyMore) {
  const BoundTree tree = two_loops();
  IterationWindow window(tree, storage_of(tree, "Y", 1), {EinsumId(0)});
  EXPECT_EQ(window.ordinal({2, 0}), 2);
  window.forget_before(2);
  EXPECT_EQ(window.ordinal({2, 0}), 2) << "numbers stay";
  EXPECT_EQ(window.at(2)->time, TimeIndex{2});
  EXPECT_THROW(window.at(1), std::logic_error);
  EXPECT_THROW(window.ordinal({0, 0}), std::logic_error);
  EXPECT_THROW(window.ordinal({7, 0}), std::logic_error) << "no such iteration";
}

/// The root has one iteration, and the lanes are those of a position below a spatial loop.
TEST(IterationWindow, UnitesWhatHappensFurtherDown) {
  const BoundTree tree =
      tree_of_text(input_of(copy_of("F", "P", "X", "Y", 8), R"(- {type: storage, target: 0, dspace: [X, Y]}
- {type: storage, target: 1, dspace: [X]}
- {type: temporal, rank: P, tile_shape: 4}
- {type: spatial, rank: P, tile_shape: 2}
- {type: storage, target: 1, dspace: [Y]}
- {type: compute, einsum: F, target: 2})"));
  IterationWindow window(tree, storage_of(tree, "X", 1), {EinsumId(0)}, {storage_of(tree, "Y", 1)});
  const TimedIteration* all = window.at(0);
  ASSERT_NE(all, nullptr);
  ASSERT_EQ(all->lanes.size(), 2U);
  EXPECT_EQ(all->lanes[0].place, Place{0});
  EXPECT_EQ(words_text(all->lanes[0].operations.at(EinsumId(0))), "0-1,4-5");
  EXPECT_EQ(words_text(all->lanes[1].operations.at(EinsumId(0))), "2-3,6-7");
  EXPECT_EQ(window.at(1), nullptr);
}

}  // namespace
}  // namespace loopsim
