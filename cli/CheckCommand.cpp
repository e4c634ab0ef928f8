#include "cli/CheckCommand.hpp"

#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "arch/FidelityName.hpp"
#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "cli/RungOption.hpp"
#include "cli/Terminal.hpp"
#include "inputs/ResolvedYaml.hpp"
#include "mapping/BoundTree.hpp"
#include "report/JsonText.hpp"
#include "report/StatsDocument.hpp"
#include "runs/OutputFolder.hpp"
#include "sim/machine/Simulate.hpp"

namespace loopsim {

namespace {

struct CheckOptions {
  std::shared_ptr<InputOptions> inputs;
  std::string output;
  std::string fidelity;
  std::string only;
  bool functional = false;
  bool json = false;
};

nlohmann::ordered_json check_document(const BoundTree& tree, const Provenance& provenance) {
  nlohmann::ordered_json document;
  document["schema_version"] = stats_schema_version;
  document["tool"] = {
      {"version", provenance.tool.version}, {"git", provenance.tool.git}, {"systemc", provenance.tool.systemc}};
  document["inputs"] = nlohmann::ordered_json::array();
  for (const InputFile& input : provenance.inputs) {
    document["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}});
  }
  document["fidelity"] = fidelity_word(tree.architecture.default_fidelity);
  document["warnings"] = provenance.warnings;
  document["einsums"] = nlohmann::ordered_json::array();
  for (const EinsumId einsum : tree.order) document["einsums"].push_back(tree.graph.einsums[einsum].name);
  document["levels"] = nlohmann::ordered_json::array();
  for (std::size_t level = 0; level <= tree.architecture.memories.size(); ++level) {
    document["levels"].push_back(level_name(tree.architecture, LevelId(level)));
  }
  return document;
}

std::string summary(const BoundTree& tree) {
  std::string einsums;
  for (const EinsumId einsum : tree.order) einsums += " " + tree.graph.einsums[einsum].name;
  std::string levels;
  for (std::size_t level = 0; level <= tree.architecture.memories.size(); ++level) {
    levels += " " + level_name(tree.architecture, LevelId(level));
  }
  return fmt::format("good: {} einsum{} ({}), {} tensors, {} nodes, levels ({}), fidelity {}\n", tree.order.size(),
                     tree.order.size() == 1 ? "" : "s", einsums.substr(1), tree.graph.tensors.size(), tree.nodes.size(),
                     levels.substr(1), fidelity_word(tree.architecture.default_fidelity));
}

ExitCode check(const CheckOptions& options) {
  if (!options.output.empty()) check_output(options.output, {"resolved.yaml"});
  BoundInputs bound = bind_inputs(*options.inputs);
  if (!options.output.empty()) protect_inputs(paths_of(bound.inputs), options.output, {"resolved.yaml"});
  SimulationOptions simulation;
  simulation.only = !options.only.empty();
  simulation.fidelity = find_fidelity(simulation.only ? options.only : options.fidelity)
                            .value_or(bound.tree.architecture.default_fidelity);
  simulation.functional = options.functional;
  if (!simulation.only) {
    for (Architecture* machine : {&bound.inputs.architecture, &bound.tree.architecture}) {
      machine->default_fidelity = simulation.fidelity;
    }
  }
  Diagnostics diagnostics;
  std::unique_ptr<Progress> progress = progress_on_terminal();
  simulation.observer = progress.get();
  std::unique_ptr<Phase> phase = phase_on_terminal("checking whether the mapping fits", progress.get());
  check_simulation(bound.tree, simulation, diagnostics);
  phase.reset();
  progress.reset();
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  print_diagnostics(diagnostics.all());
  std::vector<Diagnostic>& warnings = bound.inputs.warnings;
  warnings.insert(warnings.end(), diagnostics.all().begin(), diagnostics.all().end());
  if (!options.output.empty()) write_output(options.output, {{"resolved.yaml", resolved_yaml(bound.inputs)}});
  std::cout << (options.json ? json_text(check_document(bound.tree, provenance_of(bound.inputs)))
                             : summary(bound.tree));
  return ExitCode::good;
}

}  // namespace

void add_check_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("check", "Read the inputs and say whether they can run");
  auto options = std::make_shared<CheckOptions>();
  options->inputs = add_input_options(*command);
  command->add_option("-o,--output", options->output, "Write resolved.yaml into this folder")->type_name("DIR");
  CLI::Option* const fidelity = add_fidelity_option(*command, options->fidelity);
  add_only_option(*command, options->only, "As for a run of one effect, the rest ideal")->excludes(fidelity);
  command->add_flag("--functional", options->functional, "As for a run that checks the outputs");
  command->add_flag("--json", options->json, "Write what was read to standard output as JSON");
  command->callback([options, &result] { result.exit_code = check(*options); });
}

}  // namespace loopsim
