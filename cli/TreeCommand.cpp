#include "cli/TreeCommand.hpp"

#include <iostream>
#include <memory>

#include "cli/BoundInputs.hpp"
#include "cli/InputOptions.hpp"
#include "report/tree/TreeDot.hpp"
#include "report/tree/TreeDrawing.hpp"

namespace loopsim {
namespace {

struct TreeOptions {
  std::shared_ptr<InputOptions> inputs;
  bool dot = false;
  bool svg = false;
};

ExitCode draw_tree(const TreeOptions& options) {
  if (!options.dot && !options.svg) {
    std::cerr << "loopsim tree: expected --dot or --svg\n'loopsim tree --help' says more.\n";
    return ExitCode::usage;
  }
  const BoundInputs bound = bind_inputs(*options.inputs);
  const std::vector<TreeShape> shapes = tree_shapes(bound.tree);
  std::cout << (options.dot ? tree_dot(shapes) : tree_svg(shapes));
  return ExitCode::good;
}

}  // namespace

void add_tree_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("tree", "Draw a mapping as a loop tree");
  auto options = std::make_shared<TreeOptions>();
  options->inputs = add_input_options(*command);
  CLI::Option* const dot = command->add_flag("--dot", options->dot, "Write a graph for Graphviz to standard output");
  command->add_flag("--svg", options->svg, "Write a drawing to standard output")->excludes(dot);
  command->callback([options, &result] { result.exit_code = draw_tree(*options); });
}

}  // namespace loopsim
