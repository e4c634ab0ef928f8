#pragma once

#include <CLI/CLI.hpp>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// `loopsim tree`: a mapping as a drawing.
void add_tree_command(CLI::App& app, CommandResult& result);

}  // namespace loopsim
