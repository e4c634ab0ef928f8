#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "inputs/Inputs.hpp"
#include "runs/CaseResult.hpp"

namespace loopsim {

/// What every command that reads a mapping takes: FILES… and `--set PATH=VALUE`.
struct InputOptions {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
  std::vector<std::string> models;  ///< `--models`, of commands that have it; wins over the inputs' own
};

/// Adds the options to a command; they are filled in when the command line is parsed.
std::shared_ptr<InputOptions> add_input_options(CLI::App& command);

Inputs load_inputs(const InputOptions& options);

/// The files that were read.
std::vector<std::filesystem::path> paths_of(const Inputs& inputs);

/// Version and inputs for a report, with the warnings as text.
Provenance provenance_of(const Inputs& inputs);

}  // namespace loopsim
