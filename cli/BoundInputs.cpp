#include "cli/BoundInputs.hpp"

#include <utility>

#include "cli/Terminal.hpp"

namespace loopsim {

BoundInputs bind_inputs(const InputOptions& options) {
  BoundInputs bound;
  bound.inputs = during("reading the inputs", [&] { return load_inputs(options); });
  Inputs& inputs = bound.inputs;
  // Shown now, as binding may fail.
  print_diagnostics(inputs.warnings);
  Diagnostics diagnostics;
  bound.tree = during("reading the mapping", [&] {
    return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  });
  print_diagnostics(diagnostics.all());
  inputs.warnings.insert(inputs.warnings.end(), diagnostics.all().begin(), diagnostics.all().end());
  return bound;
}

}  // namespace loopsim
