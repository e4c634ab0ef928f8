#include <gtest/gtest.h>
#include <optional>
#include <rapidcheck/gtest.h>

#include "models/looptree/EnumeratedAccess.hpp"
#include "models/looptree/factored/FactoredAccess.hpp"
#include "tests/models/looptree/DenseTree.hpp"
#include "tests/support/RandomTree.hpp"

namespace loopsim {
namespace {

/// The enumeration takes about a microsecond an operation.
constexpr std::int64_t most_operations = 4000;

RandomGraphLimits small_graphs() {
  RandomGraphLimits limits;
  limits.einsums = 4;
  limits.extent = 6;
  limits.channels = 3;
  return limits;
}

bool is_small(const EinsumGraph& graph) {
  std::int64_t operations = 0;
  for (std::size_t e = 0; e < graph.einsums.size(); ++e) operations += operation_space_size(graph, EinsumId(e));
  return operations <= most_operations;
}

std::string describe(const BoundTree& tree, const AccessPath& path) {
  return tree.graph.tensors[path.tensor].name + " of " + tree.graph.einsums[path.einsum].name + " at level " +
         std::to_string(path.level.value) +
         (path.storage ? ", node " + std::to_string(path.storage->value) : std::string(", compute"));
}

struct Agreement {
  std::size_t factored = 0;
  std::size_t enumerated = 0;
  std::size_t with_peers = 0;
};

/// Counts every access both ways.
void compare_all(const BoundTree& tree, Agreement& agreement) {
  TileLists tiles(tree);
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    for (const AccessPath& path : access_paths(tree, EinsumId(e))) {
      const auto factored = factored_access(tree, path, tiles, true);
      if (!factored) {
        ++agreement.enumerated;
        continue;
      }
      const AccessCounts counted = enumerate_access(tree, path);
      ++agreement.factored;
      agreement.with_peers += counted.peer > 0 ? 1 : 0;
      ASSERT_EQ(factored->fills, counted.fills) << describe(tree, path);
      ASSERT_EQ(factored->peer, counted.peer) << describe(tree, path);
      ASSERT_EQ(factored->parent_reads, counted.parent_reads) << describe(tree, path);
      ASSERT_EQ(factored->max_occupancy, counted.max_occupancy) << describe(tree, path);
      ASSERT_EQ(factored->series_length, counted.series_length) << describe(tree, path);
      ASSERT_EQ(factored->fill_series, counted.fill_series) << describe(tree, path);
      ASSERT_EQ(factored->occupancy_series, counted.occupancy_series) << describe(tree, path);
    }
  }
}

std::optional<BoundTree> sensible_tree(Choices& choices) {
  RandomTreeLimits limits;
  limits.graph = small_graphs();
  RandomCase random = random_case(choices, limits);
  if (!is_small(random.graph)) return std::nullopt;
  Diagnostics diagnostics;
  try {
    return bind_mapping(std::move(random.graph), std::move(random.architecture), random.tree, {}, diagnostics);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::optional<BoundTree> small_dense_tree(Choices& choices, std::size_t spatial_percent) {
  const EinsumGraph graph = random_graph(choices, small_graphs());
  if (!is_small(graph)) return std::nullopt;
  return dense_tree(choices, graph, spatial_percent);
}

Choices any_choices() {
  return Choices(*rc::gen::container<std::vector<std::uint32_t>>(400, rc::gen::inRange<std::uint32_t>(0, 65536)));
}

RC_GTEST_PROP(FactoredAccess, EqualsEnumerationOnSensibleTrees, ()) {
  Choices choices = any_choices();
  const auto tree = sensible_tree(choices);
  RC_PRE(tree.has_value());
  Agreement agreement;
  compare_all(*tree, agreement);
  RC_ASSERT(!::testing::Test::HasFatalFailure());
}

RC_GTEST_PROP(FactoredAccess, EqualsEnumerationOnDenseTrees, ()) {
  Choices choices = any_choices();
  const auto tree = small_dense_tree(choices, 35);
  RC_PRE(tree.has_value());
  Agreement agreement;
  compare_all(*tree, agreement);
  RC_ASSERT(!::testing::Test::HasFatalFailure());
}

/// The same on many trees, and the closed form must be the rule, not the exception.
TEST(FactoredAccessSlow, EqualsEnumerationOnManyTrees) {
  Agreement agreement;
  for (std::uint64_t seed = 0; seed < 6000 && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Choices choices(random_numbers(seed));
    const auto tree = small_dense_tree(choices, seed % 2 == 0 ? 35 : 70);
    if (tree) compare_all(*tree, agreement);
  }
  EXPECT_GT(agreement.with_peers, 50);
  EXPECT_GT(agreement.factored, 20 * agreement.enumerated);
}

}  // namespace
}  // namespace loopsim
