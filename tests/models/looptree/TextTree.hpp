#pragma once

#include <string>

#include "arch/Architecture.hpp"
#include "mapping/BoundTree.hpp"
#include "mapping/LoopTreeLoader.hpp"
#include "tests/ParseText.hpp"
#include "workloads/WorkloadLoader.hpp"

namespace loopsim {

/// The problem and the mapping of a text, bound to the ideal machine with `levels` levels.
inline BoundTree tree_of_text(const std::string& text, std::size_t levels = 3) {
  Diagnostics diagnostics;
  const DocumentNodePtr document = parse_text(text, diagnostics);
  EinsumGraph graph = load_workload(*find_key(*document, "problem"), diagnostics);
  const LoopTree tree = load_loop_tree(*find_key(*document, "mapping"), diagnostics);
  return bind_mapping(std::move(graph), ideal_architecture(levels), tree, {}, diagnostics);
}

/// Z[m, n] = sum over k of A[m, k] * B[k, n], with the nodes given as YAML list items indented by two.
inline std::string matrix_product(const std::string& bounds, const std::string& nodes) {
  return R"(
problem:
- shape:
    name: Product
    dimensions: [M, N, K]
    data_spaces:
    - {name: A, dimensions: [AM, AK], projection: '[ M, K ]'}
    - {name: B, dimensions: [BK, BN], projection: '[ K, N ]'}
    - {name: Z, dimensions: [ZM, ZN], projection: '[ M, N ]', read_write: true}
  instance: )" +
         bounds + R"(
mapping:
  type: fused
  nodes:
)" + nodes;
}

}  // namespace loopsim
