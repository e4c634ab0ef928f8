#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/Inputs.hpp"
#include "models/tree/BoundTree.hpp"
#include "report/CaseResult.hpp"

namespace loopsim {

/// Where the result of a case goes: `-o DIR` and `--json`.
struct OutputOptions {
  std::optional<std::string> folder;
  bool json = false;
  bool all = false;  ///< the table leaves nothing out
  std::vector<std::string> command_line;
  std::chrono::steady_clock::time_point start;
};

/// Adds the options to a command; they are filled in when the command line is parsed.
std::shared_ptr<OutputOptions> add_output_options(CLI::App& command, std::vector<std::string> command_line);

/// Throws InputError if the folder cannot be written; for before the work.
void check_output(const OutputOptions& options);

/// Writes the files, then the table or the document to standard output, and the models' warnings to standard error.
void deliver(const OutputOptions& options, const Inputs& inputs, const BoundTree& tree, const CaseResult& result,
             const Provenance& provenance);

}  // namespace loopsim
