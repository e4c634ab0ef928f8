#include "workloads/WorkloadSizes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

void check_access_size(const EinsumGraph& graph, const Einsum& einsum, const TensorAccess& access,
                       Diagnostics& diagnostics) {
  const Tensor& tensor = graph.tensors[access.tensor];
  try {
    std::int64_t volume = 1;
    for (const AffineExpression& expression : access.projection) {
      std::int64_t low = expression.constant;
      std::int64_t high = expression.constant;
      for (const AffineTerm& term : expression.terms) {
        const Rank& rank = graph.ranks[einsum.ranks[term.rank]];
        const std::int64_t first = checked_multiply(term.coefficient, rank.low);
        const std::int64_t last = checked_multiply(term.coefficient, checked_add(rank.high, -1));
        low = checked_add(low, std::min(first, last));
        high = checked_add(high, std::max(first, last));
      }
      volume = checked_multiply(volume, checked_add(checked_add(high, checked_multiply(low, -1)), 1));
    }
  } catch (const OverflowError&) {
    diagnostics.error(access.where,
                      fmt::format("tensor '{}' has more than 2^63 - 1 words in einsum '{}'", tensor.name, einsum.name));
  }
}

}  // namespace

void check_sizes(const EinsumGraph& graph, Diagnostics& diagnostics) {
  std::int64_t all_operations = 0;
  for (std::size_t e = 0; e < graph.einsums.size(); ++e) {
    const Einsum& einsum = graph.einsums[EinsumId(e)];
    try {
      all_operations = checked_add(all_operations, operation_space_size(graph, EinsumId(e)));
    } catch (const OverflowError&) {
      diagnostics.error(einsum.where, fmt::format("einsum '{}' has more than 2^63 - 1 operations", einsum.name));
      return;
    }
    check_access_size(graph, einsum, einsum.output, diagnostics);
    for (const TensorAccess& access : einsum.inputs) check_access_size(graph, einsum, access, diagnostics);
  }
}

}  // namespace loopsim
