#pragma once

#include <CLI/CLI.hpp>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// `loopsim noc`: the network on chip alone, under synthetic traffic.
void add_noc_command(CLI::App& app, CommandResult& result);

}  // namespace loopsim
