#include "cli/Interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "cli/CommandResult.hpp"

namespace loopsim {
namespace {

/// Nothing needs to be tidied up: files appear whole or not at all.
extern "C" void end_program(int) {
  _exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

void exit_on_interrupt() {
  struct sigaction before {};
  sigaction(SIGINT, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = end_program;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace loopsim
