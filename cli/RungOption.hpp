#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace loopsim {

/// Adds `--only RUNG` to a command: the effect that this rung adds, the rest ideal.
CLI::Option* add_only_option(CLI::App& command, std::string& only, const std::string& meaning);

/// Adds `--fidelity RUNG` to a command.
CLI::Option* add_fidelity_option(CLI::App& command, std::string& fidelity);

}  // namespace loopsim
