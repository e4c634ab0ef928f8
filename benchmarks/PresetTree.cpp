#include "benchmarks/PresetTree.hpp"

#include "inputs/Inputs.hpp"

namespace loopsim {

BoundTree preset_tree(const std::string& workload, const std::string& machine) {
  Inputs inputs = load_inputs({"preset:" + workload, "preset:" + machine});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

}  // namespace loopsim
