#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/CheckedMath.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {
namespace {

/// Einsum i reads the outputs of the einsums listed for it.
EinsumGraph graph_of(const std::vector<std::vector<std::size_t>>& reads) {
  EinsumGraph graph;
  for (std::size_t i = 0; i < reads.size(); ++i) {
    Einsum einsum;
    einsum.name = "E" + std::to_string(i);
    einsum.output.tensor = TensorId(i);
    graph.einsums.push_back(einsum);
    Tensor tensor;
    tensor.writer = EinsumId(i);
    graph.tensors.push_back(tensor);
  }
  for (std::size_t i = 0; i < reads.size(); ++i) {
    for (const std::size_t from : reads[i]) {
      graph.tensors[TensorId(from)].readers.push_back(EinsumId(i));
      graph.einsums[EinsumId(i)].inputs.push_back({TensorId(from), {}, {}});
    }
  }
  return graph;
}

std::vector<std::uint32_t> values(const std::vector<EinsumId>& ids) {
  std::vector<std::uint32_t> result;
  for (const EinsumId id : ids) result.push_back(id.value);
  return result;
}

TEST(EinsumGraph, OrderKeepsTheInputsOrderAmongEquals) {
  EXPECT_EQ(values(topological_order(graph_of({{}, {0}, {}, {1, 2}}))), (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_EQ(values(topological_order(graph_of({{2}, {}, {1}}))), (std::vector<std::uint32_t>{1, 2, 0}));
  EXPECT_TRUE(topological_order(EinsumGraph()).empty());
}

TEST(EinsumGraph, FindsCycles) {
  EXPECT_TRUE(find_cycle(graph_of({{}, {0}, {0, 1}})).empty());
  EXPECT_EQ(values(find_cycle(graph_of({{}, {0, 3}, {1}, {2}}))), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(values(find_cycle(graph_of({{0}}))), (std::vector<std::uint32_t>{0}));
  EXPECT_THROW(topological_order(graph_of({{1}, {0}})), std::logic_error);
}

TEST(EinsumGraph, OperationSpace) {
  EinsumGraph graph;
  Einsum einsum;
  einsum.ranks = {graph.ranks.push_back({"P", EinsumId(0), -1, 4, {}}),
                  graph.ranks.push_back({"Q", EinsumId(0), 0, 7, {}})};
  einsum.output.projection = {{{{0, 1}}, 0}};
  graph.einsums.push_back(einsum);
  EXPECT_EQ(operation_space_size(graph, EinsumId(0)), 35);
  EXPECT_EQ(reduction_ranks(graph.einsums[EinsumId(0)]), (std::vector<std::size_t>{1}));
  graph.ranks[RankId(1)].high = INT64_MAX;
  EXPECT_THROW(operation_space_size(graph, EinsumId(0)), OverflowError);
}

RC_GTEST_PROP(EinsumGraph, ProducersComeFirstOrThereIsACycle, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 8);
  std::vector<std::vector<std::size_t>> reads(count);
  for (auto& from : reads) {
    for (std::size_t i = 0; i < count; ++i) {
      if (*rc::gen::inRange(0, 4) == 0) from.push_back(i);
    }
  }
  const EinsumGraph graph = graph_of(reads);
  const auto cycle = find_cycle(graph);
  if (!cycle.empty()) {
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const auto& readers = graph.tensors[TensorId(cycle[i].value)].readers;
      const EinsumId next = cycle[(i + 1) % cycle.size()];
      RC_ASSERT(std::find(readers.begin(), readers.end(), next) != readers.end());
    }
    return;
  }
  const auto order = topological_order(graph);
  RC_ASSERT(order.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::size_t from : reads[order[i].value]) {
      RC_ASSERT(std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i), EinsumId(from)) !=
                order.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

}  // namespace
}  // namespace loopsim
