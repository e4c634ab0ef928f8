#include <gtest/gtest.h>

#include "models/looptree/LoopTreeEstimate.hpp"
#include "tests/models/looptree/TextTree.hpp"

namespace loopsim {
namespace {

constexpr const char* cube = "0 <= M < 4 and 0 <= N < 4 and 0 <= K < 4";

const char* const three_loops =
    "  - {type: temporal, rank: M, tile_shape: 1}\n"
    "  - {type: temporal, rank: N, tile_shape: 1}\n"
    "  - {type: temporal, rank: K, tile_shape: 1}\n";
const char* const in_dram = "  - {type: storage, target: 0, dspace: [A, B, Z]}\n";
const char* const in_buffer = "  - {type: storage, target: 1, dspace: [A, B, Z]}\n";
const char* const product = "  - {type: compute, einsum: Product, target: 2}\n";

BoundTree product_tree(const std::string& nodes, const std::string& bounds = cube) {
  return tree_of_text(matrix_product(bounds, nodes));
}

const AccessMeasures& access(const BoundTree& tree, const LoopTreeEstimate& result, std::size_t level,
                             const std::string& tensor, int node = 0) {
  for (const AccessMeasures& a : result.measures.accesses) {
    if (a.level == LevelId(level) && tree.graph.tensors[a.tensor].name == tensor && a.node == node) return a;
  }
  throw std::logic_error("no such access");
}

TEST(LoopTreeEstimate, CountsAPlainProduct) {
  const BoundTree tree = product_tree(std::string(in_dram) + in_buffer + three_loops + product);
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(result.macs, 64);
  EXPECT_EQ(result.compute_cycles, 64);
  EXPECT_EQ(result.cycles, 64);
  EXPECT_EQ(result.bound_by, "compute");
  EXPECT_FALSE(result.hidden_steps.has_value());
  EXPECT_EQ(access(tree, result, 0, "A").reads, 16);
  EXPECT_EQ(access(tree, result, 0, "Z").writes, 16);
  EXPECT_EQ(access(tree, result, 0, "Z").reads, 0);  // first visits start from zero
  EXPECT_EQ(access(tree, result, 1, "A").writes, 16);
  EXPECT_EQ(access(tree, result, 1, "A").reads, 64);
  EXPECT_EQ(access(tree, result, 1, "Z").writes, 64);
  EXPECT_EQ(access(tree, result, 1, "Z").reads, 64 - 16);
  EXPECT_EQ(access(tree, result, 2, "B").parent_reads, 64);
  EXPECT_EQ(result.required_words[LevelId(0)], 48);
  EXPECT_EQ(result.required_words[LevelId(1)], 48);
}

TEST(LoopTreeEstimate, OneTileWithoutABranch) {
  const LoopTreeEstimate result = estimate(product_tree(std::string(in_dram) + three_loops + product));
  EXPECT_EQ(result.measures.einsums[EinsumId(0)].ops_per_tile, std::vector<std::int64_t>{64});
  EXPECT_EQ(result.measures.einsums[EinsumId(0)].steps_per_tile, std::vector<std::int64_t>{64});
}

TEST(LoopTreeEstimate, ANodeBelowLoopsKeepsWhatStays) {
  // A[m, k] is kept over n: one fill of 4 words for each m. B has to come again for each m.
  const std::string nodes = std::string(in_dram) + "  - {type: temporal, rank: M, tile_shape: 1}\n" + in_buffer +
                            "  - {type: temporal, rank: N, tile_shape: 1}\n" + product;
  const BoundTree tree = product_tree(nodes);
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(access(tree, result, 1, "A").fills, 16);
  EXPECT_EQ(access(tree, result, 1, "A").max_occupancy, 4);
  EXPECT_EQ(access(tree, result, 1, "A").fill_series, (std::vector<std::int64_t>{4, 4, 4, 4}));
  EXPECT_EQ(access(tree, result, 1, "B").fills, 16);  // the whole of B, for all m
  EXPECT_EQ(access(tree, result, 1, "B").fill_series, std::vector<std::int64_t>{16});
}

TEST(LoopTreeEstimate, SpatialLoopsShareReads) {
  const std::string nodes = std::string(in_dram) + in_buffer + "  - {type: temporal, rank: K, tile_shape: 1}\n" +
                            "  - {type: spatial, rank: M, tile_shape: 1}\n" +
                            "  - {type: spatial, rank: N, tile_shape: 1}\n" + product;
  const BoundTree tree = product_tree(nodes);
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(result.compute_cycles, 4);
  EXPECT_EQ(access(tree, result, 1, "A").reads, 16);
  EXPECT_EQ(access(tree, result, 1, "B").reads, 16);
  // Each Z word stays in its lane's reach, so no neighbour hands anything over; all 16 are updated in each step.
  EXPECT_EQ(access(tree, result, 1, "Z").writes, 64);
}

TEST(LoopTreeEstimate, ThreeSpatialLoopsReduceInTheArray) {
  const std::string nodes = std::string(in_dram) + in_buffer + "  - {type: spatial, rank: K, tile_shape: 1}\n" +
                            "  - {type: spatial, rank: M, tile_shape: 1}\n" +
                            "  - {type: spatial, rank: N, tile_shape: 1}\n" + product;
  const BoundTree tree = product_tree(nodes);
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(result.compute_cycles, 1);
  EXPECT_EQ(result.macs, 64);
  EXPECT_EQ(access(tree, result, 1, "A").reads, 16);
  EXPECT_EQ(access(tree, result, 1, "Z").writes, 16);
  EXPECT_EQ(access(tree, result, 1, "Z").reads, 0);
}

TEST(LoopTreeEstimate, FactorLoopsTileByTheirNumber) {
  const std::string nodes = std::string(in_dram) + "  - {type: temporal, rank: M, factor: 3}\n" + in_buffer + product;
  const BoundTree tree = product_tree(nodes, "0 <= M < 7 and 0 <= N < 1 and 0 <= K < 1");
  EXPECT_EQ(access(tree, estimate(tree), 1, "A").occupancy_series, (std::vector<std::int64_t>{3, 3, 1}));
}

TEST(LoopTreeEstimate, SeveralNodesOfATensorAtOneLevelFeedEachOther) {
  const std::string nodes = std::string(in_dram) + in_buffer + "  - {type: temporal, rank: M, tile_shape: 1}\n" +
                            "  - {type: temporal, rank: N, tile_shape: 1}\n" +
                            "  - {type: storage, target: 1, dspace: [B]}\n" + product;
  const BoundTree tree = product_tree(nodes);
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(access(tree, result, 0, "B").reads, 16);
  EXPECT_EQ(access(tree, result, 1, "B", 0).fills, 16);
  EXPECT_EQ(access(tree, result, 1, "B", 0).reads, 64);  // a column of 4 for each of 16 iterations
  EXPECT_EQ(access(tree, result, 1, "B", 1).fills, 64);
  EXPECT_EQ(access(tree, result, 1, "B", 1).max_occupancy, 4);
  EXPECT_EQ(result.required_words[LevelId(1)], 48 + 4);
}

TEST(LoopTreeEstimate, StepsOfAnOperation) {
  BoundTree tree = product_tree(std::string(in_dram) + three_loops + product);
  tree.graph.einsums[EinsumId(0)].steps_per_operation = 3;
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(result.compute_cycles, 192);
  EXPECT_EQ(result.measures.einsums[EinsumId(0)].steps, 192);
  EXPECT_EQ(result.measures.einsums[EinsumId(0)].steps_per_tile, std::vector<std::int64_t>{192});
  EXPECT_EQ(result.macs, 64);
}

TEST(LoopTreeEstimate, MemoryTimeBindsWhenItIsLonger) {
  BoundTree tree = product_tree(std::string(in_dram) + in_buffer + three_loops + product);
  tree.architecture.clock_hz = 1'000'000'000;
  tree.architecture.memories[0].bandwidth.shared = 4'000'000'000;  // half a word of 8 bits a cycle
  LoopTreeEstimate result = estimate(tree);
  EXPECT_EQ(result.memory_cycles[LevelId(0)], 2 * (16 + 16 + 16));
  EXPECT_EQ(result.memory_cycles[LevelId(1)], 0);
  EXPECT_EQ(result.cycles, 96);
  EXPECT_EQ(result.bound_by, tree.architecture.memories[0].name);
  // Bits go by tensor: words of Z of 24 bits.
  for (BoundTensor& tensor : tree.tensors) tensor.bits = 8;
  tree.tensors[tree.graph.einsums[EinsumId(0)].output.tensor].bits = 24;
  result = estimate(tree);
  EXPECT_EQ(result.memory_cycles[LevelId(0)], 2 * (16 + 16 + 3 * 16));
}

TEST(LoopTreeEstimate, PortsOfInstancesWorkSideBySide) {
  const std::string nodes = std::string(in_dram) + "  - {type: spatial, rank: M, tile_shape: 1}\n" + in_buffer +
                            "  - {type: temporal, rank: N, tile_shape: 1}\n" +
                            "  - {type: temporal, rank: K, tile_shape: 1}\n" + product;
  BoundTree tree = product_tree(nodes);
  tree.architecture.clock_hz = 1'000'000'000;
  tree.architecture.memories[1].bandwidth.read = 8'000'000'000;
  // Each of four buffers: 16 words of A, 16 of B, and 16 - 4 partial sums.
  EXPECT_EQ(estimate(tree).memory_cycles[LevelId(1)], 44);
}

TEST(LoopTreeEstimate, OperandsPastTheArrayBuffersComeFromOneMemory) {
  // The array's buffers hold B only: A comes straight from the global buffer, which is one instance.
  const std::string nodes =
      std::string(in_dram) + "  - {type: storage, target: 1, dspace: [A, B, Z]}\n" +
      "  - {type: spatial, rank: M, tile_shape: 1}\n" + "  - {type: storage, target: 2, dspace: [B]}\n" +
      "  - {type: temporal, rank: N, tile_shape: 1}\n" + "  - {type: temporal, rank: K, tile_shape: 1}\n" +
      "  - {type: compute, einsum: Product, target: 3}\n";
  BoundTree tree = tree_of_text(matrix_product(cube, nodes), 4);
  tree.architecture.clock_hz = 1'000'000'000;
  tree.architecture.memories[1].bandwidth.read = 8'000'000'000;
  tree.architecture.memories[2].bandwidth.read = 8'000'000'000;
  const LoopTreeEstimate result = estimate(tree);
  // A once an operation, B once for all four buffers, Z past its first updates.
  EXPECT_EQ(result.memory_cycles[LevelId(1)], 64 + 16 + 64 - 16);
  EXPECT_EQ(result.memory_cycles[LevelId(2)], 16);
}

TEST(LoopTreeEstimate, EnergyIsWordsAndOperationsTimesTheirEnergy) {
  BoundTree tree = product_tree(std::string(in_dram) + in_buffer + three_loops + product);
  tree.architecture.memories[0].energy.read_pj = 100;
  tree.architecture.memories[0].energy.write_pj = 200;
  tree.architecture.memories[1].energy.read_pj = 2;
  tree.architecture.memories[1].energy.write_pj = 3;
  tree.architecture.compute.operation_pj = {{"mac", 0.5}};
  LoopTreeEstimate result = estimate(tree);
  const double memory = 100 * 32 + 200 * 16 + 2 * (64 + 64 + 48) + 3 * (16 + 16 + 64);
  EXPECT_DOUBLE_EQ(result.energy_pj, memory + 0.5 * 64);
  tree.graph.einsums[EinsumId(0)].energy_pj = 4;
  result = estimate(tree);
  EXPECT_DOUBLE_EQ(result.energy_pj, memory + 4 * 64);
  EXPECT_EQ(result.measures.energy.back().action, "mac");
  EXPECT_EQ(result.measures.energy.back().count, 64);
}

TEST(LoopTreeEstimate, LongSeriesAreLeftOut) {
  const std::string nodes = std::string(in_dram) + "  - {type: temporal, rank: M, tile_shape: 1}\n" +
                            "  - {type: temporal, rank: N, tile_shape: 1}\n" + in_buffer + product;
  const BoundTree tree = product_tree(nodes, "0 <= M < 300 and 0 <= N < 300 and 0 <= K < 1");
  const LoopTreeEstimate result = estimate(tree);
  EXPECT_TRUE(access(tree, result, 1, "A").fill_series.has_value());
  EXPECT_FALSE(access(tree, result, 1, "Z").fill_series.has_value());
  EXPECT_FALSE(access(tree, result, 1, "B").occupancy_series.has_value());
  ASSERT_EQ(result.warnings.size(), 2);
  EXPECT_NE(result.warnings[0].find("90000"), std::string::npos);
}

/// X -> F1 (relu) -> F2 = F1 + shifted window of F1: an intermediate with two ways to be read.
const char* const two_readers = R"(
problem:
- shape:
    name: E1
    dimensions: [P1]
    data_spaces:
    - {name: X, dimensions: [X_P], projection: '[ P1 ]'}
    - {name: F1, dimensions: [F1_P], projection: '[ P1 ]', read_write: true}
  instance: 0 <= P1 < 10
- shape:
    name: E2
    dimensions: [P2, R2]
    data_spaces:
    - {name: F1, dimensions: [F1_P], projection: '[ P2 + R2 ]'}
    - {name: F2, dimensions: [F2_P], projection: '[ P2 ]', read_write: true}
  instance: 0 <= P2 < 8 and 0 <= R2 < 3
- shape:
    name: E3
    dimensions: [P3]
    data_spaces:
    - {name: F1, dimensions: [F1_P], projection: '[ P3 ]'}
    - {name: F2, dimensions: [F2_P], projection: '[ P3 ]'}
    - {name: F3, dimensions: [F3_P], projection: '[ P3 ]', read_write: true}
  instance: 0 <= P3 < 8
mapping:
  type: fused
  nodes:
  - {type: storage, target: 0, dspace: [X, F3]}
  - {type: temporal, rank: P3, tile_shape: 4}
  - {type: storage, target: 1, dspace: [X, F1, F2, F3]}
  - type: sequential
    branches:
    - [{type: compute, einsum: E1, target: 2}]
    - [{type: compute, einsum: E2, target: 2}]
    - [{type: compute, einsum: E3, target: 2}]
)";

TEST(LoopTreeEstimate, AnIntermediateWithTwoReadersIsMadeOnceForBoth) {
  const BoundTree tree = tree_of_text(two_readers);
  const LoopTreeEstimate result = estimate(tree);
  const EinsumMeasures& first = result.measures.einsums[EinsumId(0)];
  EXPECT_EQ(first.ops_per_tile, (std::vector<std::int64_t>{6, 4}));  // the window of E2 holds what E3 reads
  EXPECT_EQ(first.ops, 10);
  EXPECT_EQ(first.distinct_ops, 10);
}

TEST(LoopTreeEstimate, RecomputationShowsInOpsNotInDistinctOps) {
  std::string text = two_readers;
  const std::string storage = "dspace: [X, F1, F2, F3]}";
  text.replace(text.find(storage), storage.size(), "dspace: [X, F1, F2, F3], exploits_reuse: false}");
  const LoopTreeEstimate result = estimate(tree_of_text(text));
  const EinsumMeasures& first = result.measures.einsums[EinsumId(0)];
  EXPECT_EQ(first.ops_per_tile, (std::vector<std::int64_t>{6, 6}));
  EXPECT_EQ(first.ops, 12);
  EXPECT_EQ(first.distinct_ops, 10);
  EXPECT_EQ(first.space_ops, 10);
}

}  // namespace
}  // namespace loopsim
