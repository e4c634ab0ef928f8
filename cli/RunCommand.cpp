#include "cli/RunCommand.hpp"

#include <memory>

#include "arch/FidelityName.hpp"
#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "cli/Interrupt.hpp"
#include "cli/ModelsOption.hpp"
#include "cli/OutputOptions.hpp"
#include "cli/RungOption.hpp"
#include "cli/Terminal.hpp"
#include "cli/TraceOptions.hpp"
#include "runs/RunCase.hpp"
#include "sim/time/RunErrors.hpp"

namespace loopsim {
namespace {

struct RunOptions {
  std::shared_ptr<InputOptions> inputs;
  std::shared_ptr<OutputOptions> output;
  std::shared_ptr<TraceOptions> traces;
  std::string fidelity;
  std::string only;
  bool functional = false;
};

void show_warnings(const TraceSet& traces) {
  Diagnostics diagnostics;
  for (const std::string& warning : traces.warnings()) diagnostics.warning({}, warning);
  print_diagnostics(diagnostics.all());
}

/// Until traces have begun there is nothing to bring to an end.
struct StopOnceBegun : RunObserver {
  void begin(const ObservedRun&) override { stop_on_interrupt(); }
};

CaseResult simulate_case(const BoundTree& tree, const Estimates& estimates, const SimulationOptions& simulation,
                         const Progress* progress) {
  const std::unique_ptr<Phase> phase = phase_on_terminal("simulating", progress);
  return run_case(tree, estimates, simulation);
}

/// A run that does not come to its end leaves traces of what happened up to there.
CaseResult run_with_traces(const BoundInputs& bound, SimulationOptions simulation, const RunOptions& options) {
  const BoundTree& tree = bound.tree;
  const Estimates estimates = during("estimating", [&] { return estimates_of(tree, bound.models); });
  const std::unique_ptr<Progress> progress = progress_on_terminal();
  if (progress) progress->expect_steps(estimates.looptree.sequential_steps);
  if (options.traces->requests.empty()) {
    simulation.observer = progress.get();
    return simulate_case(tree, estimates, simulation, progress.get());
  }
  RunFiles& files = options.output->files;
  TraceSet traces = make_traces(*options.traces, *options.output, files);
  StopOnceBegun stop;
  traces.also_tell(stop);
  if (progress) traces.also_tell(*progress);
  simulation.observer = &traces;
  simulation.stop = &interrupt_flag();
  try {
    CaseResult result = simulate_case(tree, estimates, simulation, progress.get());
    if (interrupt_flag()) throw InterruptedError();
    exit_on_interrupt();
    show_warnings(traces);
    return result;
  } catch (...) {
    show_warnings(traces);
    files.show_removed();
    if (files.replaces_earlier_run()) files.remove_results();
    throw;
  }
}

ExitCode run(const RunOptions& options) {
  BoundInputs bound = bind_inputs(*options.inputs);
  SimulationOptions simulation;
  simulation.only = !options.only.empty();
  simulation.fidelity = find_fidelity(simulation.only ? options.only : options.fidelity)
                            .value_or(bound.tree.architecture.default_fidelity);
  simulation.functional = options.functional;
  check_output(*options.output, bound.inputs);
  const CaseResult result = run_with_traces(bound, simulation, options);
  // resolved.yaml says what was run. It has no word for a single effect, which keeps the inputs' own rung.
  if (!simulation.only) bound.inputs.architecture.default_fidelity = simulation.fidelity;
  deliver(*options.output, bound.inputs, bound.tree, result, provenance_of(bound.inputs));
  return agrees(result) ? ExitCode::good : ExitCode::disagreement;
}

}  // namespace

void add_run_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line) {
  CLI::App* const command = app.add_subcommand("run", "Simulate a mapping and compare it with its estimate");
  auto options = std::make_shared<RunOptions>();
  options->inputs = add_input_options(*command);
  add_models_option(*command, *options->inputs);
  options->output = add_output_options(*command, command_line);
  add_all_option(*command, *options->output);
  options->traces = add_trace_options(*command);
  CLI::Option* const fidelity = add_fidelity_option(*command, options->fidelity);
  add_only_option(*command, options->only, "One effect, the rest ideal")->excludes(fidelity);
  command->add_flag("--functional", options->functional, "Carry values through the buffers and check the outputs");
  command->callback([options, &result] { result.exit_code = run(*options); });
}

}  // namespace loopsim
