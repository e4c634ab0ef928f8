#include "trace/vcd/Vcd2fst.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
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

/// It ends with the program that waits for it.
[[noreturn]] void be_converter(char* const* arguments) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
  execvp(program, arguments);
  _exit(127);
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

void convert_to_fst(const fs::path& folder, bool keep_vcd) {
  std::string vcd = (folder / "trace.vcd").string();
  std::string fst = (folder / fmt::format(".trace.fst.{}.tmp", getpid())).string();
  std::string name = program;
  char* const arguments[] = {name.data(), vcd.data(), fst.data(), nullptr};
  const pid_t child = fork();
  if (child == 0) be_converter(arguments);
  int status = 0;
  const bool ended = child > 0 && waitpid(child, &status, 0) == child;
  const bool interrupted = child > 0 && !ended && errno == EINTR;
  if (interrupted) {
    kill(child, SIGKILL);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  if (!ended || status != 0) {
    std::error_code ignored;
    fs::remove(fst, ignored);
    if (interrupted) return;
    fail(fmt::format("vcd2fst could not convert '{}', which is left as it is", vcd));
  }
  fs::rename(fst, folder / "trace.fst");
  if (!keep_vcd) fs::remove(vcd);
}

}  // namespace loopsim
