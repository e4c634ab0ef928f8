#include "cli/EstimateCommand.hpp"

#include <memory>

#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "cli/ModelsOption.hpp"
#include "cli/OutputOptions.hpp"
#include "cli/Terminal.hpp"
#include "runs/RunCase.hpp"

namespace loopsim {
namespace {

struct EstimateOptions {
  std::shared_ptr<InputOptions> inputs;
  std::shared_ptr<OutputOptions> output;
};

ExitCode estimate(const EstimateOptions& options) {
  BoundInputs bound = bind_inputs(*options.inputs);
  check_output(*options.output, bound.inputs);
  Diagnostics diagnostics;
  std::unique_ptr<Progress> progress = progress_on_terminal();
  std::unique_ptr<Phase> phase = phase_on_terminal("estimating", progress.get());
  const CaseResult result = estimate_case(bound.tree, bound.models, diagnostics, progress.get());
  phase.reset();
  progress.reset();
  print_diagnostics(diagnostics.all());
  auto& warnings = bound.inputs.warnings;
  warnings.insert(warnings.end(), diagnostics.all().begin(), diagnostics.all().end());
  deliver(*options.output, bound.inputs, bound.tree, result, provenance_of(bound.inputs));
  return ExitCode::good;
}

}  // namespace

void add_estimate_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line) {
  CLI::App* const command = app.add_subcommand("estimate", "Estimate a mapping with the analytical model alone");
  auto options = std::make_shared<EstimateOptions>();
  options->inputs = add_input_options(*command);
  add_models_option(*command, *options->inputs);
  options->output = add_output_options(*command, command_line);
  add_all_option(*command, *options->output);
  command->callback([options, &result] { result.exit_code = estimate(*options); });
}

}  // namespace loopsim
