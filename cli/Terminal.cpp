#include "cli/Terminal.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <unistd.h>

namespace loopsim {

namespace {

bool stderr_takes_escapes() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

bool colour_on_stderr() {
  const char* const refused = std::getenv("NO_COLOR");
  return (refused == nullptr || *refused == '\0') && stderr_takes_escapes();
}

std::unique_ptr<Progress> progress_on_terminal() {
  if (!stderr_takes_escapes()) return nullptr;
  const auto seconds = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  return std::make_unique<Progress>(seconds, [](const std::string& text) { std::cerr << text << std::flush; });
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  std::cerr << render_all(diagnostics, colour_on_stderr());
}

}  // namespace loopsim
