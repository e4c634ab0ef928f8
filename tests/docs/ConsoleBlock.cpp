#include "tests/docs/ConsoleBlock.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <sys/wait.h>

#include "tests/TestPaths.hpp"
#include "tests/docs/Markdown.hpp"

namespace loopsim {

namespace {

bool line_matches(std::string_view shown, std::string_view real) {
  constexpr std::string_view any = "…";
  const std::size_t gap = shown.find(any);
  if (gap == std::string_view::npos) return shown == real;
  if (real.substr(0, gap) != shown.substr(0, gap)) return false;
  const std::string_view rest = shown.substr(gap + any.size());
  for (std::size_t at = gap; at <= real.size(); ++at) {
    if (line_matches(rest, real.substr(at))) return true;
  }
  return false;
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

std::vector<ShownCommand> commands_of(const std::vector<std::string>& block) {
  std::vector<ShownCommand> commands;
  bool continues = false;
  for (const std::string& line : block) {
    const bool starts = !continues && line.rfind("$ ", 0) == 0;
    if (starts) commands.emplace_back();
    if (commands.empty()) throw std::runtime_error("a console block begins with a command, '$ …': " + line);
    ShownCommand& current = commands.back();
    if (!starts && !continues) {
      current.output.push_back(line);
      continue;
    }
    current.lines.push_back(line);
    current.command += starts ? line.substr(2) : "\n" + line;
    continues = line.back() == '\\';
  }
  return commands;
}

ShellOutcome run_shell(const std::string& command, const std::filesystem::path& folder, int before) {
  const std::string setup = "cd " + quoted(folder.string()) +
                            " || exit 99; PATH=" + quoted(program_path().parent_path().string()) +
                            ":$PATH; unset TERM; exec 2>&1; ";
  const std::string status = "(exit " + std::to_string(before) + ")\n";
  FILE* const pipe = popen((setup + status + command).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start a shell");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t read = 0; (read = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), read);
  }
  const int end = pclose(pipe);
  return {WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end), split_lines(text)};
}

bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& real) {
  // possible[j]: the lines shown so far may stand for the first j real ones.
  std::vector<bool> possible(real.size() + 1, false);
  possible[0] = true;
  for (const std::string& line : shown) {
    std::vector<bool> next(real.size() + 1, false);
    bool reached = false;
    for (std::size_t j = 0; j <= real.size(); ++j) {
      reached = reached || possible[j];
      next[j] = line == "..." ? reached : j > 0 && possible[j - 1] && line_matches(line, real[j - 1]);
    }
    possible = next;
  }
  return possible.back();
}

}  // namespace loopsim
