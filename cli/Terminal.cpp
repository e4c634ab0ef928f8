#include "cli/Terminal.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <unistd.h>

namespace loopsim {

bool colour_on_stderr() {
  const char* const refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  std::cerr << render_all(diagnostics, colour_on_stderr());
}

}  // namespace loopsim
