#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace loopsim {

/// A command of a `console` block with what the page shows of its output: standard output and error together.
struct ShownCommand {
  std::vector<std::string> lines;  ///< as written, with "$ "; several where a line ends in a backslash
  std::string command;
  std::vector<std::string> output;  ///< none: whatever it prints
};

std::vector<ShownCommand> commands_of(const std::vector<std::string>& block);

struct ShellOutcome {
  int exit_code = 0;
  std::vector<std::string> output;
};

/// Runs a command in a folder; `loopsim` is the program under test. `before` is what `$?` is at its beginning.
ShellOutcome run_shell(const std::string& command, const std::filesystem::path& folder, int before);

/// A shown line `...` stands for any number of lines, `…` within a line for any text.
bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& real);

}  // namespace loopsim
