#include "cli/RunCommand.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

#include "arch/FidelityName.hpp"
#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "cli/OutputOptions.hpp"
#include "report/RunCase.hpp"

namespace loopsim {
namespace {

struct RunOptions {
  std::shared_ptr<InputOptions> inputs;
  std::shared_ptr<OutputOptions> output;
  std::string fidelity;
  bool functional = false;
};

/// Empty if good. Rungs that are known and not modelled pass; they are refused like any input that asks for them.
std::string names_a_rung(const std::string& word) {
  if (find_fidelity(word)) return "";
  return fmt::format("there is no rung '{}'{}", word, did_you_mean(word, modelled_fidelity_names()));
}

ExitCode run(const RunOptions& options) {
  const BoundInputs bound = bind_inputs(*options.inputs);
  SimulationOptions simulation;
  simulation.fidelity = find_fidelity(options.fidelity).value_or(bound.tree.architecture.default_fidelity);
  simulation.functional = options.functional;
  require_fidelity(simulation.fidelity);
  check_output(*options.output);
  const CaseResult result = run_case(bound.tree, simulation);
  deliver(*options.output, bound.inputs, bound.tree, result, provenance_of(bound.inputs));
  return agrees(result) ? ExitCode::good : ExitCode::disagreement;
}

}  // namespace

void add_run_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line) {
  CLI::App* const command = app.add_subcommand("run", "Simulate a mapping and compare it with its estimate");
  auto options = std::make_shared<RunOptions>();
  options->inputs = add_input_options(*command);
  options->output = add_output_options(*command, command_line);
  const std::string rungs =
      fmt::format("Detail of the model: {}; default: as the inputs say", fmt::join(modelled_fidelity_names(), ", "));
  command->add_option("--fidelity", options->fidelity, rungs)->type_name("RUNG")->check(names_a_rung);
  command->add_flag("--functional", options->functional, "Carry values through the buffers and check the outputs");
  command->callback([options, &result] { result.exit_code = run(*options); });
}

}  // namespace loopsim
