#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {

std::vector<std::string> lines_of(const std::filesystem::path& path);
/// Between blanks.
std::vector<std::string> words_of(const std::string& line);

struct Replay {
  int exit_code = -1;
  std::string output;
};

/// A run with a kit for RTL testbenches, and its checker, built by Icarus Verilog.
class Kit {
 public:
  explicit Kit(std::vector<std::string> arguments, const std::string& kind = "rtl");

  const ProgramOutcome& outcome() const { return outcome_; }
  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / "rtl" / name; }
  std::vector<std::string> lines(const std::string& name) const { return lines_of(path(name)); }
  nlohmann::ordered_json stats() const;
  Replay replay() const;

  /// The same with a file that has other lines.
  Replay replay_with(const std::string& name, const std::vector<std::string>& lines) const;
  /// The first line of commands.txt with a command, from a line on.
  std::size_t find(const std::string& command, std::size_t from = 0) const;
  /// Without line `gone` of commands.txt, with as many lines as the end says.
  Replay replay_without(std::size_t gone) const;
  /// With one bit of a word of an image flipped.
  Replay replay_flipped(const std::string& image, std::size_t word) const;

 private:
  TemporaryFolder folder_;
  ProgramOutcome outcome_;
};

/// The run is good and so is its replay.
void expect_pass(const Kit& kit);
void expect_fail(const Replay& replay, const std::string& message);

}  // namespace loopsim
