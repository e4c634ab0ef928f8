#pragma once

#include <CLI/CLI.hpp>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// `loopsim report`: output folders as one HTML page.
void add_report_command(CLI::App& app, CommandResult& result);

}  // namespace loopsim
