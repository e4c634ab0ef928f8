#include "cli/BoundInputs.hpp"

#include <utility>

#include "cli/Terminal.hpp"
#include "models/table/AnalyticalModels.hpp"

namespace loopsim {
namespace {

/// The option was checked with the command line.
std::vector<AnalyticalModel> choose_models(const InputOptions& options, Inputs& inputs) {
  Diagnostics diagnostics;
  for (const std::string& name : inputs.run.models) {
    const std::string complaint = complaint_about_model(name);
    if (!complaint.empty()) diagnostics.error(inputs.run.models_where, "models: " + complaint);
  }
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  if (!options.models.empty()) inputs.run.models = options.models;
  return models_named(inputs.run.models);
}

}  // namespace

BoundInputs bind_inputs(const InputOptions& options) {
  BoundInputs bound;
  bound.inputs = during("reading the inputs", [&] { return load_inputs(options); });
  Inputs& inputs = bound.inputs;
  // Shown now, as binding may fail.
  print_diagnostics(inputs.warnings);
  bound.models = choose_models(options, inputs);
  Diagnostics diagnostics;
  bound.tree = during("reading the mapping", [&] {
    return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  });
  print_diagnostics(diagnostics.all());
  inputs.warnings.insert(inputs.warnings.end(), diagnostics.all().begin(), diagnostics.all().end());
  return bound;
}

}  // namespace loopsim
