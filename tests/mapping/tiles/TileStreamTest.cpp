#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "inputs/Inputs.hpp"
#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "tests/TestPaths.hpp"
#include "tests/mapping/NaiveTiles.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

BoundTree golden(const std::string& name) {
  const Inputs inputs = load_inputs({(source_folder() / "tests/goldens/looptree" / (name + ".yaml")).string()});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

NodeId first_of_kind(const BoundTree& tree, NodeKind kind) {
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    if (tree.nodes[NodeId(i)].kind == kind) return NodeId(i);
  }
  ADD_FAILURE() << "no such node";
  return tree.root();
}

/// Operations of an einsum in each iteration above the outermost sequential.
std::vector<std::int64_t> operations_per_tile(const BoundTree& tree, std::size_t einsum) {
  std::vector<std::int64_t> result;
  TileStream stream(tree, first_of_kind(tree, NodeKind::sequential), {EinsumId(einsum)});
  while (stream.next()) result.push_back(stream.operations(EinsumId(einsum)).size());
  return result;
}

std::int64_t total(const std::vector<std::int64_t>& numbers) {
  std::int64_t sum = 0;
  for (std::int64_t n : numbers) sum += n;
  return sum;
}

/// Two convolutions, the second one tiled in rows: the first tile has the halo, the others only what is new.
TEST(TileStream, ARetainedHaloIsMadeOnce) {
  const BoundTree tree = golden("conv2d_P2t2_retain");
  const std::vector<std::int64_t> first = operations_per_tile(tree, 0);
  EXPECT_EQ(total(first), operation_space(tree.graph, EinsumId(0)).size());
  ASSERT_GT(first.size(), 2u);
  EXPECT_EQ(first[0], 2 * first[1]);  // 2 rows and a halo of 2
  for (std::size_t t = 2; t < first.size(); ++t) EXPECT_EQ(first[t], first[1]) << t;
}

TEST(TileStream, WhatIsNotRetainedIsMadeAgain) {
  const BoundTree tree = golden("conv2d_P2t2_recompute");
  const std::vector<std::int64_t> first = operations_per_tile(tree, 0);
  for (std::int64_t operations : first) EXPECT_EQ(operations, first.front());
  EXPECT_GT(total(first), operation_space(tree.graph, EinsumId(0)).size());
}

/// Retained below the inner of two loops: overlaps along the outer one are lost.
TEST(TileStream, RetentionBelowTheInnerLoopLosesTheOuterOverlap) {
  const BoundTree outer = golden("conv2d_P2t2Q2t2_retainP2");
  const BoundTree inner = golden("conv2d_P2t2Q2t2_retainQ2");
  const std::int64_t space = operation_space(outer.graph, EinsumId(0)).size();
  EXPECT_EQ(total(operations_per_tile(outer, 0)), space);
  EXPECT_EQ(total(operations_per_tile(inner, 0)) * 10, space * 16);
}

TEST(TileStream, TheLastTileIsCut) {
  const BoundTree tree = golden("ragged_P2t3Q2t4_retainQ2");
  TileStream stream(tree, first_of_kind(tree, NodeKind::sequential), {EinsumId(1)});
  std::vector<std::vector<Coordinate>> indices;
  std::vector<std::int64_t> sizes;
  while (stream.next()) {
    indices.push_back(stream.indices());
    sizes.push_back(stream.operations(EinsumId(1)).size());
  }
  EXPECT_EQ(indices.front(), (std::vector<Coordinate>{0, 0}));
  EXPECT_LT(sizes.back(), sizes.front());
  EXPECT_EQ(total(sizes), operation_space(tree.graph, EinsumId(1)).size());
  for (std::size_t t = 1; t < indices.size(); ++t) EXPECT_LT(indices[t - 1], indices[t]);
}

TEST(TileStream, EndsForGood) {
  const BoundTree tree = golden("conv1d_retain_t8_pipeline");
  TileStream stream(tree, first_of_kind(tree, NodeKind::pipeline), {EinsumId(0), EinsumId(1)});
  while (stream.next()) {
  }
  EXPECT_FALSE(stream.next());
  EXPECT_FALSE(stream.next());
}

/// Compares every iteration above a position that has operations with the enumeration. Where loops below the position
/// have nothing to do, whether the iteration is listed does not matter.
void expect_naive(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted) {
  TileStream stream(tree, position, wanted);
  RC_ASSERT(stream.index_nodes() == indices_above(tree, position));
  const auto idle = [&] {
    return std::all_of(wanted.begin(), wanted.end(), [&](EinsumId e) { return stream.operations(e).empty(); });
  };
  std::vector<Coordinate> before;
  const auto next = [&] {
    do {
      if (!stream.next()) return false;
      RC_ASSERT((before.empty() || before < stream.indices()));
      before = stream.indices();
    } while (idle());
    return true;
  };
  for (const NaiveIteration& iteration : naive_tiles(tree, position, wanted)) {
    const auto& tiles = iteration.operations;
    if (std::all_of(tiles.begin(), tiles.end(), [](const auto& tile) { return tile.second.empty(); })) continue;
    RC_ASSERT(next());
    RC_ASSERT(stream.indices() == iteration.indices);
    for (const auto& [einsum, points] : tiles) {
      if (points_of(stream.operations(einsum)) != points) {
        RC_FAIL(fmt::format("einsum {} at [{}] above node {}: {} operations, expected {}",
                            tree.graph.einsums[einsum].name, fmt::join(iteration.indices, ", "), position.value,
                            stream.operations(einsum).size(), points.size()));
      }
    }
  }
  RC_ASSERT(!next());
}

/// Without einsums the iterations are those in which anything below may happen, in order.
void expect_naive_indices(const BoundTree& tree, NodeId position) {
  std::vector<std::vector<Coordinate>> listed;
  TileStream stream(tree, position, {});
  while (stream.next()) {
    RC_ASSERT((listed.empty() || listed.back() < stream.indices()));
    listed.push_back(stream.indices());
  }
  for (const NaiveIteration& iteration : naive_tiles(tree, position, {})) {
    RC_ASSERT(std::binary_search(listed.begin(), listed.end(), iteration.indices));
  }
}

/// Every position of random trees: with all einsums below it, with each alone, and with none (the indices alone).
RC_GTEST_PROP(TileStreamProperty, IsTheDefinitionWrittenOut, ()) {
  Choices choices(*rc::gen::container<std::vector<std::uint32_t>>(300, rc::gen::inRange<std::uint32_t>(0, 65536)));
  RandomTreeLimits limits;
  limits.graph.einsums = 4;
  limits.graph.extent = 4;
  limits.graph.channels = 2;
  const RandomCase random = random_case(choices, limits);
  Diagnostics diagnostics;
  BoundTree tree;
  try {
    tree = bind_mapping(random.graph, random.architecture, random.tree, {}, diagnostics);
  } catch (const InputError&) {
    RC_DISCARD("does not bind");
  }
  RC_LOG() << to_yaml(random);
  RC_CLASSIFY(tree.graph.einsums.size() > 1, "several einsums");
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const std::vector<EinsumId>& below = tree.nodes[NodeId(i)].einsums;
    expect_naive(tree, NodeId(i), below);
    expect_naive_indices(tree, NodeId(i));
    for (EinsumId einsum : below) expect_naive(tree, NodeId(i), {einsum});
  }
}

}  // namespace
}  // namespace loopsim
