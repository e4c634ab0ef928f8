#include <gtest/gtest.h>

#include "sim/checks/FitCheck.hpp"
#include "sim/checks/InterleavedSums.hpp"
#include "sim/checks/MinimumSpace.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

/// Without retention the last instance of Q makes all of T, for Map, and the one before it a word of T too, an
/// iteration of P earlier. `node` stores T.
BoundTree repeated(const std::string& loops, const std::string& node = "") {
  return tree_of_text(R"(problem:
- shape:
    name: Conv
    dimensions: [P, S]
    data_spaces:
    - {name: W, projection: '[ 0 ]'}
    - {name: T, projection: '[ P ]', read_write: true}
  instance: {P: 2, S: 2}
- shape:
    name: Pool
    dimensions: [Q, U]
    data_spaces:
    - {name: T, projection: '[ Q ]'}
    - {name: V, projection: '[ U ]', read_write: true}
  instance: {Q: 3, U: 1}
- shape:
    name: Map
    dimensions: [R]
    data_spaces:
    - {name: T, projection: '[ 0 ]'}
    - {name: Z, projection: '[ R ]', read_write: true}
  instance: {R: 1}
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [W, V, Z]}
  - {type: storage, target: 1, dspace: [T], exploits_reuse: false}
  - type: sequential
    branches:
    - - {type: spatial, rank: Q, tile_shape: 1}
)" + node + R"(      - type: sequential
        branches:
        - )" + loops + R"(
          - {type: storage, target: 1, dspace: [W]}
          - {type: compute, einsum: Conv, target: 2}
        - - {type: compute, einsum: Pool, target: 2}
    - - {type: compute, einsum: Map, target: 2}
)");
}

bool interleaved(const BoundTree& tree) {
  const Schedule schedule = make_schedule(tree);
  InterleavedSums sums(tree, schedule);
  minimum_space(tree, schedule, [&](const RetiredOperation& retired) { sums.visit(retired.operation, retired.plan); });
  return sums.found().has_value();
}

constexpr const char* sums_outside =
    "- {type: temporal, rank: S, tile_shape: 1}\n          - {type: temporal, rank: P, tile_shape: 1}";
constexpr const char* sums_inside =
    "- {type: temporal, rank: P, tile_shape: 1}\n          - {type: temporal, rank: S, tile_shape: 1}";

TEST(InterleavedSums, AreFoundWhereAnotherInstanceHasCompletedThem) {
  EXPECT_TRUE(interleaved(repeated(sums_outside)));
}

TEST(InterleavedSums, OneInstanceAfterTheOtherIsNone) {
  EXPECT_FALSE(interleaved(repeated(sums_inside)));
}

TEST(InterleavedSums, ACopyForEachInstanceIsNone) {
  EXPECT_FALSE(interleaved(repeated(sums_outside, "      - {type: storage, target: 1, dspace: [T]}\n")));
}

TEST(InterleavedSums, AreRefusedAtTheirNode) {
  const BoundTree tree = repeated(sums_outside);
  try {
    requirements(tree, make_schedule(tree));
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.diagnostics.all().size(), 1U);
    EXPECT_NE(error.diagnostics.all().front().message.find("same sums of 'T'"), std::string::npos);
    EXPECT_EQ(error.diagnostics.all().front().where.line, 27);
  }
}

}  // namespace
}  // namespace loopsim
