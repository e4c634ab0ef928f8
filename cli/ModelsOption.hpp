#pragma once

#include "cli/InputOptions.hpp"

namespace loopsim {

/// Adds `--models NAME,…` to a command.
void add_models_option(CLI::App& command, InputOptions& options);

}  // namespace loopsim
