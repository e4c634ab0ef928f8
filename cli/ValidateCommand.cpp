#include "cli/ValidateCommand.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <thread>
#include <unistd.h>

#include "base/Diagnostics.hpp"
#include "cli/Terminal.hpp"
#include "report/JsonText.hpp"
#include "runs/OutputFolder.hpp"
#include "validation/Validate.hpp"
#include "validation/ValidationTable.hpp"

namespace loopsim {

namespace {

struct CommandOptions {
  ValidateOptions validate;
  std::string data;
  bool json = false;
  bool list = false;
  bool write_docs = false;
};

ExitCode list_cases() {
  for (const ValidationCase& c : validation_cases()) std::cout << fmt::format("{:<18}{}\n", c.name, c.title);
  return ExitCode::good;
}

ExitCode run(CommandOptions& options) {
  if (options.list) return list_cases();
  if (!options.data.empty()) options.validate.data = options.data;
  if (options.write_docs) {
    if (!options.validate.cases.empty() || options.validate.data) {
      std::cerr << "error: --write-docs: the page is about all cases, so it goes without CASE and --data\n";
      return ExitCode::usage;
    }
    check_output("docs", {"validation.md"});
  }
  if (isatty(STDERR_FILENO) != 0) {
    options.validate.progress = [](const ValidationCase& c, std::size_t number, std::size_t count) {
      std::cerr << fmt::format("\r{}/{} {}: {}\x1b[K\n", number, count, c.name, c.title);
    };
  }
  std::vector<ValidatedCase> cases;
  try {
    cases = during("validating", [&] { return validate(options.validate); });
  } catch (const ValidationUsageError& error) {
    std::cerr << "error: " << error.what() << '\n';
    return ExitCode::usage;
  }
  if (options.write_docs) write_output("docs", {{"validation.md", validation_page(cases)}});
  std::cout << (options.json ? json_text(validation_json(cases)) : validation_table(cases));
  return all_bars_met(cases) ? ExitCode::good : ExitCode::disagreement;
}

}  // namespace

void add_validate_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("validate", "Put our figures beside published ones");
  auto options = std::make_shared<CommandOptions>();
  options->validate.jobs = std::max(1U, std::thread::hardware_concurrency());
  command->add_option("CASE", options->validate.cases, "Cases to run; default: all (see --list)");
  command
      ->add_option("--data", options->data,
                   "Other data for one case: a folder as for looptree, a CSV as for tileflow_gemm or tileflow_fused")
      ->type_name("PATH");
  command->add_option("-j,--jobs", options->validate.jobs, "Simulations at a time; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}));
  command->add_flag("--json", options->json, "Every row, as JSON");
  command->add_flag("--list", options->list, "List the cases");
  command->add_flag("--write-docs", options->write_docs, "Write docs/validation.md, below the folder you are in");
  command->callback([options, &result] { result.exit_code = run(*options); });
}

}  // namespace loopsim
