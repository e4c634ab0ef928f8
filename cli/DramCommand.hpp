#pragma once

#include <CLI/CLI.hpp>

#include "cli/CommandResult.hpp"

namespace loopsim {

/// `loopsim dram`: the DRAM model alone, driven by a trace.
void add_dram_command(CLI::App& app, CommandResult& result);

}  // namespace loopsim
