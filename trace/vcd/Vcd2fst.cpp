#include "trace/vcd/Vcd2fst.hpp"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "base/Diagnostics.hpp"

namespace loopsim {

namespace fs = std::filesystem;

namespace {

constexpr const char* program = "vcd2fst";

[[noreturn]] void fail(std::string message) {
  Diagnostics diagnostics;
  diagnostics.error({}, std::move(message));
  throw InputError(std::move(diagnostics));
}

}  // namespace

void require_vcd2fst() {
  const char* const path = std::getenv("PATH");
  const std::string folders = path == nullptr ? "" : path;
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (access((fs::path(folders.substr(begin, end - begin)) / program).c_str(), X_OK) == 0) return;
    begin = end + 1;
  }
  fail("the trace 'vcd:fst' needs the program vcd2fst (Debian's package gtkwave); 'vcd' does without it");
}

void convert_to_fst(const fs::path& folder) {
  std::string vcd = (folder / "trace.vcd").string();
  std::string fst = (folder / fmt::format(".trace.fst.{}.tmp", getpid())).string();
  std::string name = program;
  char* const arguments[] = {name.data(), vcd.data(), fst.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawnp(&child, program, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error != 0 || waitpid(child, &status, 0) != child || status != 0) {
    std::error_code ignored;
    fs::remove(fst, ignored);
    fail(fmt::format("vcd2fst could not convert '{}', which is left as it is", vcd));
  }
  fs::rename(fst, folder / "trace.fst");
  fs::remove(vcd);
}

}  // namespace loopsim
