#include "cli/Terminal.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace loopsim {

namespace {

bool stderr_takes_escapes() {
  const char* const terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void write_on_terminal(const std::string& text) {
  std::cerr << text << std::flush;
}

}  // namespace

bool colour_on_stderr() {
  const char* const refused = std::getenv("NO_COLOR");
  return (refused == nullptr || *refused == '\0') && stderr_takes_escapes();
}

std::unique_ptr<Progress> progress_on_terminal() {
  if (!stderr_takes_escapes()) return nullptr;
  return std::make_unique<Progress>(seconds_now, write_on_terminal);
}

std::unique_ptr<Phase> phase_on_terminal(std::string what, const Progress* progress) {
  if (!stderr_takes_escapes()) return nullptr;
  constexpr double recent = 0.6;  // seconds
  std::function<bool()> busy;
  if (progress != nullptr) busy = [progress] { return progress->shown_at() > seconds_now() - recent; };
  return std::make_unique<Phase>(std::move(what), write_on_terminal, std::move(busy));
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  std::cerr << render_all(diagnostics, colour_on_stderr());
}

}  // namespace loopsim
