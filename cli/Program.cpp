#include "cli/Program.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <iostream>
#include <string>
#include <vector>

#include "base/Diagnostics.hpp"
#include "base/SystemLimit.hpp"
#include "cli/CheckCommand.hpp"
#include "cli/CommandResult.hpp"
#include "cli/DramCommand.hpp"
#include "cli/EstimateCommand.hpp"
#include "cli/ExplainCommand.hpp"
#include "cli/Failure.hpp"
#include "cli/Interrupt.hpp"
#include "cli/LadderCommand.hpp"
#include "cli/NocCommand.hpp"
#include "cli/PresetsCommand.hpp"
#include "cli/ReportCommand.hpp"
#include "cli/RunCommand.hpp"
#include "cli/Terminal.hpp"
#include "cli/TreeCommand.hpp"
#include "cli/UsageMessage.hpp"
#include "cli/ValidateCommand.hpp"
#include "cli/Version.hpp"

namespace loopsim {

namespace {

std::string version_text() {
  const ToolVersion version = tool_version();
  return fmt::format("loopsim {}{}\nSystemC {}", version.version, version.git.empty() ? "" : " (" + version.git + ")",
                     version.systemc);
}

void add_commands(CLI::App& app, CommandResult& result, const std::vector<std::string>& command_line) {
  add_run_command(app, result, command_line);
  add_estimate_command(app, result, command_line);
  add_check_command(app, result);
  add_ladder_command(app, result, command_line);
  add_report_command(app, result);
  add_tree_command(app, result);
  add_validate_command(app, result);
  add_dram_command(app, result);
  add_noc_command(app, result);
  add_presets_command(app, result);
  add_explain_command(app, result);
}

/// Help and version end the parse like errors do, but are none.
ExitCode end_of_parse(const CLI::App& app, const CLI::ParseError& error) {
  const bool good = app.exit(error, std::cout, std::cerr) == static_cast<int>(CLI::ExitCodes::Success);
  return good ? ExitCode::good : ExitCode::usage;
}

/// The command of that name; the program itself where options stand in its place; null, and a message, if there is
/// none.
const CLI::App* find_command(const CLI::App& app, const std::string& word) {
  if (word.empty() || word[0] == '-') return &app;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == word) return command;
    names.push_back(command->get_name());
  }
  std::cerr << fmt::format("loopsim: there is no command '{}'{}\n'loopsim --help' says more.\n", word,
                           did_you_mean(word, names));
  return nullptr;
}

ExitCode parse_and_run(int argc, char** argv) {
  CLI::App app("Loopsim simulates fused-layer DNN accelerators cycle by cycle.", "loopsim");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  CommandResult result;
  add_commands(app, result, {argv, argv + argc});
  const CLI::App* const command = find_command(app, argc > 1 ? argv[1] : "");
  if (command == nullptr) return ExitCode::usage;
  app.failure_message([command](const CLI::App*, const CLI::Error& error) { return usage_message(*command, error); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return end_of_parse(app, error);
  }
  return result.exit_code;
}

/// Says why the program ends, even if there is no memory to put the message together.
ExitCode report_failure() noexcept {
  try {
    const Failure failure = current_failure();
    std::cerr << failure.message;
    return failure.exit_code;
  } catch (...) {
    std::fprintf(stderr, "error: %s\n", out_of_memory_text());
    return ExitCode::limit_reached;
  }
}

}  // namespace

int run_program(int argc, char** argv) {
  exit_on_interrupt();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow any more is an error of whoever writes it
  ExitCode exit_code = ExitCode::our_fault;
  try {
    exit_code = parse_and_run(argc, argv);
  } catch (const std::exception&) {
    exit_code = report_failure();
  }
  if (!std::cout.flush()) {
    std::cerr << "error: cannot write to standard output; is the device full?\n";
    return static_cast<int>(ExitCode::limit_reached);
  }
  return static_cast<int>(exit_code);
}

}  // namespace loopsim
