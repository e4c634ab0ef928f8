#include "tests/comparison/BoundCase.hpp"

#include <stdexcept>

#include "inputs/Inputs.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {

BoundTree bound_case(const std::vector<std::string>& files, const std::vector<std::string>& overrides) {
  const Inputs inputs = load_inputs(files, overrides);
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

std::string golden_file(const std::string& name) {
  return (source_folder() / "tests/goldens/looptree" / (name + ".yaml")).string();
}

BoundTree golden_case(const std::string& name, const std::vector<std::string>& overrides) {
  return bound_case({golden_file(name)}, overrides);
}

TensorId tensor_named(const BoundTree& tree, const std::string& name) {
  for (std::size_t i = 0; i < tree.graph.tensors.size(); ++i) {
    if (tree.graph.tensors[TensorId(i)].name == name) return TensorId(i);
  }
  throw std::out_of_range("no tensor '" + name + "'");
}

EinsumId einsum_named(const BoundTree& tree, const std::string& name) {
  for (std::size_t i = 0; i < tree.graph.einsums.size(); ++i) {
    if (tree.graph.einsums[EinsumId(i)].name == name) return EinsumId(i);
  }
  throw std::out_of_range("no einsum '" + name + "'");
}

}  // namespace loopsim
