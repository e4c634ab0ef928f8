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

/// The only way for a signal's handler to tell anybody.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void note_interrupt(int) {
  if (interrupted) _exit(static_cast<int>(ExitCode::interrupted));
  interrupted = true;
}

void handle_interrupts(void (*handler)(int)) {
  constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (const int signal : signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

void exit_on_interrupt() {
  handle_interrupts(end_program);
}

const std::atomic<bool>& stop_on_interrupt() {
  handle_interrupts(note_interrupt);
  return interrupted;
}

}  // namespace loopsim
