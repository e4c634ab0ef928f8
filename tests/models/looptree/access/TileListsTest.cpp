#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/looptree/access/TileLists.hpp"
#include "tests/models/looptree/DenseTree.hpp"
#include "tests/support/RandomGraph.hpp"

namespace loopsim {
namespace {

using Indices = std::vector<Coordinate>;

/// Operations by the first `count` indices.
std::map<Indices, PointSet> united(const TileList& list, std::size_t count) {
  std::map<Indices, PointSet> result;
  for (const Tile& tile : list.tiles) {
    result[Indices(tile.indices.begin(), tile.indices.begin() + static_cast<std::ptrdiff_t>(count))].unite(
        tile.operations);
  }
  return result;
}

/// What an einsum executes below a node is what its tile above the node holds, in every iteration. The occupancy of a
/// node above further loops relies on it.
void expect_tiles_to_hold_what_runs_below(const BoundTree& tree) {
  TileLists tiles(tree);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const EinsumId einsum(e);
    const TileList& steps = tiles.above(tree.compute_node[einsum], einsum);
    for (std::size_t i = 0; i < steps.index_nodes.size(); ++i) {
      const TileList& above = tiles.above(steps.index_nodes[i], einsum);
      ASSERT_EQ(above.index_nodes.size(), i);
      ASSERT_TRUE(united(above, i) == united(steps, i))
          << tree.graph.einsums[einsum].name << " above node " << steps.index_nodes[i].value;
    }
  }
}

RC_GTEST_PROP(TileLists, TilesHoldWhatRunsBelow, ()) {
  Choices choices(*rc::gen::container<std::vector<std::uint32_t>>(400, rc::gen::inRange<std::uint32_t>(0, 65536)));
  RandomGraphLimits limits;
  limits.einsums = 4;
  limits.extent = 5;
  limits.channels = 2;
  const auto tree = dense_tree(choices, random_graph(choices, limits), 35);
  RC_PRE(tree.has_value());
  expect_tiles_to_hold_what_runs_below(*tree);
  RC_ASSERT(!::testing::Test::HasFatalFailure());
}

/// Seeds with an intermediate of which a nested group's head needs nothing in some iteration but another group does.
TEST(TileLists, WhatOnlyAnotherGroupReadsIsMadeAsWell) {
  for (std::uint64_t seed = 0; seed < 1500 && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Choices choices(random_numbers(seed));
    RandomGraphLimits limits;
    limits.einsums = 4;
    limits.extent = 5;
    limits.channels = 2;
    const auto tree = dense_tree(choices, random_graph(choices, limits), 35);
    if (tree) expect_tiles_to_hold_what_runs_below(*tree);
  }
}

}  // namespace
}  // namespace loopsim
