#include "tests/cli/KitReplay.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>
#include <sys/wait.h>

#include "tests/cli/TestFiles.hpp"

namespace loopsim {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  return {std::istream_iterator<std::string>(text), {}};
}

namespace {

Replay run_shell(const std::string& command) {
  Replay replay;
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> piece;
  for (std::size_t n = 0; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;) replay.output.append(piece.data(), n);
  const int status = pclose(pipe);
  replay.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return replay;
}

}  // namespace

Kit::Kit(std::vector<std::string> arguments, const std::string& kind) {
  arguments.insert(arguments.begin(), "run");
  arguments.insert(arguments.end(), {"-o", folder_.path().string(), "--trace", kind});
  outcome_ = run_program(arguments);
  if (!fs::exists(path("check.v"))) return;
  const Replay compiled = run_shell(
      fmt::format("iverilog -Wall -g2005 -o {}/check {}/rtl/*.v", folder_.path().string(), folder_.path().string()));
  EXPECT_EQ(compiled.output, "");
}

nlohmann::ordered_json Kit::stats() const {
  return nlohmann::ordered_json::parse(text_of(folder_.path() / "stats.json"));
}

Replay Kit::replay() const {
  return run_shell(fmt::format("cd {} && vvp -n check", folder_.path().string()));
}

Replay Kit::replay_with(const std::string& name, const std::vector<std::string>& lines) const {
  const std::string kept = text_of(path(name));
  std::ofstream(path(name)) << fmt::format("{}\n", fmt::join(lines, "\n"));
  Replay replayed = replay();
  std::ofstream(path(name)) << kept;
  return replayed;
}

std::size_t Kit::find(const std::string& command, std::size_t from) const {
  const std::vector<std::string> all = lines("commands.txt");
  for (std::size_t i = from; i < all.size(); ++i) {
    if (all[i].find(" " + command + " ") != std::string::npos) return i;
  }
  ADD_FAILURE() << "no " << command;
  return 0;
}

Replay Kit::replay_without(std::size_t gone) const {
  std::vector<std::string> all = lines("commands.txt");
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(gone));
  std::vector<std::string> end = words_of(all.back());
  end.back() = std::to_string(all.size() - 2);
  all.back() = fmt::format("{}", fmt::join(end, " "));
  return replay_with("commands.txt", all);
}

Replay Kit::replay_flipped(const std::string& image, std::size_t word) const {
  std::vector<std::string> all = lines(image);
  char& digit = all.at(word).back();
  digit = digit == '0' ? '1' : digit == '1' ? '0' : digit == 'f' ? 'e' : 'f';
  return replay_with(image, all);
}

void expect_pass(const Kit& kit) {
  ASSERT_EQ(kit.outcome().exit_code, 0) << kit.outcome().errors;
  const Replay replay = kit.replay();
  EXPECT_EQ(replay.exit_code, 0);
  EXPECT_THAT(replay.output, StartsWith("PASS: "));
}

void expect_fail(const Replay& replay, const std::string& message) {
  EXPECT_EQ(replay.exit_code, 1);
  EXPECT_THAT(replay.output, HasSubstr(message));
  EXPECT_THAT(replay.output, HasSubstr("\nFAIL: "));
}

}  // namespace loopsim
