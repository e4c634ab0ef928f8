#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace loopsim {

/// What is wrong with the command line, what was expected and where to read more. `app` is the command, or the program
/// where none was given.
std::string usage_message(const CLI::App& app, const CLI::Error& error);

}  // namespace loopsim
