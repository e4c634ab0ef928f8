#pragma once

#include <string>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// The bound tree of one input file.
inline BoundTree tree_of_file(const std::string& path) {
  const Inputs inputs = load_inputs({path});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

/// Words of all tensors that no einsum reads: what a functional run has to check.
inline std::int64_t result_words(const BoundTree& tree) {
  std::int64_t words = 0;
  for (std::size_t t = 0; t < tree.tensors.size(); ++t) {
    const Tensor& tensor = tree.graph.tensors[TensorId(t)];
    if (tensor.writer && tensor.readers.empty()) words += tree.tensors[TensorId(t)].words;
  }
  return words;
}

}  // namespace loopsim
