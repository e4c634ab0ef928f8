#include "cli/TreeCommand.hpp"

#include <iostream>
#include <memory>

#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "report/tree/TreeDot.hpp"
#include "report/tree/TreeDrawing.hpp"
#include "sim/machine/Machine.hpp"
#include "sim/machine/ModuleTree.hpp"

namespace loopsim {
namespace {

struct TreeOptions {
  std::shared_ptr<InputOptions> inputs;
  bool dot = false;
  bool svg = false;
  bool machine = false;
};

ExitCode draw_tree(const TreeOptions& options) {
  if (options.machine) {
    const Machine machine("machine");
    Machine::elaborate();
    std::cout << module_tree();
    return ExitCode::good;
  }
  if (options.inputs->files.empty()) throw CLI::RequiredError("FILES");
  if (!options.dot && !options.svg) {
    std::cerr << "loopsim tree: expected --dot, --svg or --machine\n'loopsim tree --help' says more.\n";
    return ExitCode::usage;
  }
  const BoundInputs bound = bind_inputs(*options.inputs);
  const std::vector<TreeShape> shapes = tree_shapes(bound.tree);
  std::cout << (options.dot ? tree_dot(shapes) : tree_svg(shapes));
  return ExitCode::good;
}

}  // namespace

void add_tree_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("tree", "Draw a mapping as a loop tree, or the simulated machine");
  auto options = std::make_shared<TreeOptions>();
  options->inputs = add_input_options(*command);
  command->get_option("FILES")->required(false);  // but for --machine
  CLI::Option* const dot = command->add_flag("--dot", options->dot, "Write a graph for Graphviz to standard output");
  CLI::Option* const svg =
      command->add_flag("--svg", options->svg, "Write a drawing to standard output")->excludes(dot);
  command
      ->add_flag("--machine", options->machine,
                 "Write the modules of the simulated machine, as SystemC sees them; no inputs needed")
      ->excludes(dot)
      ->excludes(svg);
  command->callback([options, &result] { result.exit_code = draw_tree(*options); });
}

}  // namespace loopsim
