#include <gtest/gtest.h>
#include <map>

#include "sim/functional/ReferenceEvaluation.hpp"
#include "tests/ParseText.hpp"
#include "workloads/WorkloadLoader.hpp"

namespace loopsim {
namespace {

EinsumGraph graph_of(const std::string& text) {
  Diagnostics diagnostics;
  const DocumentNodePtr document = parse_text(text, diagnostics);
  EinsumGraph graph = load_workload(*document, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  return graph;
}

TensorId tensor_named(const EinsumGraph& graph, const std::string& name) {
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    if (graph.tensors[TensorId(t)].name == name) return TensorId(t);
  }
  throw std::out_of_range(name);
}

Value input(const std::string& tensor, std::vector<Coordinate> at) {
  return input_value(input_seed(tensor), at.data(), at.size());
}

/// Y[p] = sum over r of X[2p + r - 1] * F[r], Z[p] = max over r of Y[p + r].
const char* const two_layers = R"(
- shape:
    name: Convolution
    dimensions: [P1, R1]
    data_spaces:
    - {name: X, dimensions: [XP], projection: '[ 2*P1 + R1 - 1 ]'}
    - {name: F, dimensions: [FR], projection: '[ R1 ]'}
    - {name: Y, dimensions: [YP], projection: '[ P1 ]', read_write: true}
  instance: 0 <= P1 < 4 and 0 <= R1 < 3
- shape:
    name: Pooling
    dimensions: [P2, R2]
    data_spaces:
    - {name: Y, dimensions: [YP], projection: '[ P2 + R2 ]'}
    - {name: Z, dimensions: [ZP], projection: '[ P2 ]', read_write: true}
  instance: 0 <= P2 < 4 and 0 <= R2 < 2
)";

TEST(ReferenceEvaluation, EvaluatesLayersInOrder) {
  EinsumGraph graph = graph_of(two_layers);
  graph.einsums[EinsumId(1)].operation = Operation::max;
  const auto tensors = evaluate_reference(graph);
  std::vector<Value> y;
  for (Coordinate p = 0; p < 4; ++p) {
    Value sum = 0;
    for (Coordinate r = 0; r < 3; ++r) sum += input("X", {2 * p + r - 1}) * input("F", {r});
    y.push_back(sum);
  }
  EXPECT_EQ(tensors[tensor_named(graph, "Y")].values, y);
  // The last window reaches beyond what the convolution writes: zero.
  const std::vector<Value> z{std::max(y[0], y[1]), std::max(y[1], y[2]), std::max(y[2], y[3]),
                             std::max<Value>(y[3], 0)};
  EXPECT_EQ(tensors[tensor_named(graph, "Z")].values, z);
}

TEST(ReferenceEvaluation, WithoutShapePaddingIsData) {
  const EinsumGraph graph = graph_of(two_layers);
  const DenseTensor x = evaluate_reference(graph)[tensor_named(graph, "X")];
  EXPECT_EQ(x.low, std::vector<Coordinate>{-1});
  EXPECT_EQ(x.extent, std::vector<std::int64_t>{9});
}

TEST(ReferenceEvaluation, WithShapePaddingIsZero) {
  EinsumGraph graph = graph_of(two_layers);
  graph.tensors[tensor_named(graph, "X")].shape = std::vector<Coordinate>{7};
  const auto tensors = evaluate_reference(graph);
  const std::vector<Value>& y = tensors[tensor_named(graph, "Y")].values;
  EXPECT_EQ(y[0], input("X", {0}) * input("F", {1}) + input("X", {1}) * input("F", {2}));
  EXPECT_EQ(y[3], input("X", {5}) * input("F", {0}) + input("X", {6}) * input("F", {1}));
}

TEST(ReferenceEvaluation, RefusesWhatTakesTooLong) {
  const EinsumGraph graph = graph_of(R"(
- shape:
    name: Product
    dimensions: [M, N, K]
    data_spaces:
    - {name: A, dimensions: [AM, AK], projection: '[ M, K ]'}
    - {name: B, dimensions: [BK, BN], projection: '[ K, N ]'}
    - {name: Z, dimensions: [ZM, ZN], projection: '[ M, N ]', read_write: true}
  instance: 0 <= M < 1024 and 0 <= N < 1024 and 0 <= K < 1024
)");
  EXPECT_THROW(evaluate_reference(graph), LimitError);
}

TEST(ReferenceEvaluation, RefusesWhatTakesTooMuchMemory) {
  const EinsumGraph graph = graph_of(R"(
- shape:
    name: Gather
    dimensions: [M]
    data_spaces:
    - {name: A, dimensions: [AM], projection: '[ 1000000000*M ]'}
    - {name: Z, dimensions: [ZM], projection: '[ M ]', read_write: true}
  instance: 0 <= M < 1000
)");
  EXPECT_THROW(evaluate_reference(graph), LimitError);
}

}  // namespace
}  // namespace loopsim
