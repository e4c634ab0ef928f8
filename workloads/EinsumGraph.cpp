#include "workloads/EinsumGraph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <functional>
#include <queue>
#include <set>
#include <stdexcept>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

// Sets as edge containers: two tensors between the same einsums are one dependence.
using DependenceGraph = boost::adjacency_list<boost::setS, boost::vecS, boost::bidirectionalS>;

DependenceGraph dependence_graph(const EinsumGraph& graph) {
  DependenceGraph dependences(graph.einsums.size());
  for (const Tensor& tensor : graph.tensors) {
    if (!tensor.writer) continue;
    for (const EinsumId reader : tensor.readers) boost::add_edge(tensor.writer->value, reader.value, dependences);
  }
  return dependences;
}

}  // namespace

bool is_intermediate(const Tensor& tensor) {
  return tensor.writer.has_value() && !tensor.readers.empty();
}

std::vector<EinsumId> topological_order(const EinsumGraph& graph) {
  const DependenceGraph dependences = dependence_graph(graph);
  std::vector<std::size_t> missing(graph.einsums.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t e = 0; e < missing.size(); ++e) {
    missing[e] = boost::in_degree(e, dependences);
    if (missing[e] == 0) ready.push(e);
  }
  std::vector<EinsumId> order;
  while (!ready.empty()) {
    const std::size_t einsum = ready.top();
    ready.pop();
    order.emplace_back(einsum);
    for (auto [next, last] = boost::adjacent_vertices(einsum, dependences); next != last; ++next) {
      if (--missing[*next] == 0) ready.push(*next);
    }
  }
  if (order.size() != graph.einsums.size()) throw std::logic_error("topological_order: the einsum graph has a cycle");
  return order;
}

std::vector<EinsumId> find_cycle(const EinsumGraph& graph) {
  const DependenceGraph dependences = dependence_graph(graph);
  std::vector<std::size_t> component(graph.einsums.size());
  if (component.empty()) return {};
  boost::strong_components(
      dependences, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, dependences)));
  const auto next_in_component = [&](std::size_t einsum) -> std::optional<std::size_t> {
    for (auto [next, last] = boost::adjacent_vertices(einsum, dependences); next != last; ++next) {
      if (component[*next] == component[einsum]) return *next;
    }
    return std::nullopt;
  };
  for (std::size_t start = 0; start < component.size(); ++start) {
    if (!next_in_component(start)) continue;
    // Walking on inside a strong component must come back to an einsum already met.
    std::vector<EinsumId> path;
    std::size_t einsum = start;
    while (true) {
      const auto seen = std::find(path.begin(), path.end(), EinsumId(einsum));
      if (seen != path.end()) return {seen, path.end()};
      path.emplace_back(einsum);
      einsum = *next_in_component(einsum);
    }
  }
  return {};
}

std::int64_t operation_space_size(const EinsumGraph& graph, EinsumId einsum) {
  std::int64_t size = 1;
  for (const RankId id : graph.einsums[einsum].ranks) {
    const Rank& rank = graph.ranks[id];
    size = checked_multiply(size, checked_add(rank.high, -rank.low));
  }
  return size;
}

std::vector<std::size_t> reduction_ranks(const Einsum& einsum) {
  std::set<std::size_t> of_output;
  for (const AffineExpression& expression : einsum.output.projection) {
    for (const AffineTerm& term : expression.terms) of_output.insert(term.rank);
  }
  std::vector<std::size_t> reduced;
  for (std::size_t rank = 0; rank < einsum.ranks.size(); ++rank) {
    if (of_output.count(rank) == 0) reduced.push_back(rank);
  }
  return reduced;
}

}  // namespace loopsim
