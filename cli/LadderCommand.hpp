#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// `loopsim ladder`: every rung, each in a process of its own.
void add_ladder_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line);

}  // namespace loopsim
