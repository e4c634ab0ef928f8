#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/RunFiles.hpp"
#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "report/HostDocument.hpp"
#include "runs/CaseResult.hpp"

namespace loopsim {

/// Where the result of a case goes: `-o DIR` and `--json`.
struct OutputOptions {
  std::optional<std::string> folder;
  bool json = false;
  bool all = false;  ///< the table leaves nothing out
  std::vector<std::string> command_line;
  std::chrono::steady_clock::time_point start;
  RunFiles files;  ///< in the folder
};

/// Adds `-o` and `--json` to a command; they are filled in when the command line is parsed.
std::shared_ptr<OutputOptions> add_output_options(CLI::App& command, std::vector<std::string> command_line);

/// Adds `--all`.
void add_all_option(CLI::App& command, OutputOptions& options);

/// Whether stats.json and stats.csv are needed at all.
bool wants_documents(const OutputOptions& options);

/// Throws InputError if the folder cannot be written, or only in the place of an input; for before the work.
void check_output(OutputOptions& options, const Inputs& inputs);

/// What a command has made.
struct Outputs {
  std::string stats_json;  ///< with `stats_csv` empty unless wants_documents()
  std::string stats_csv;
  std::string table;
  std::vector<std::string> warnings;  ///< of the models; the inputs' were shown as soon as they were known
  std::optional<SimulatedWork> work;
};

/// Writes the files, then the table or the document to standard output, and the warnings to standard error.
void deliver(OutputOptions& options, const Inputs& inputs, const Outputs& delivery);

/// The same for one case.
void deliver(OutputOptions& options, const Inputs& inputs, const BoundTree& tree, const CaseResult& result,
             const Provenance& provenance);

}  // namespace loopsim
