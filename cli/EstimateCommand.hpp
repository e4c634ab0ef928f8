#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/CommandResult.hpp"

namespace loopsim {

void add_estimate_command(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line);

}  // namespace loopsim
