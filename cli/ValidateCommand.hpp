#pragma once

#include <CLI/CLI.hpp>

#include "cli/CommandResult.hpp"

namespace loopsim {

void add_validate_command(CLI::App& app, CommandResult& result);

}  // namespace loopsim
