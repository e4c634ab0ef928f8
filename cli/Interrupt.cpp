#include "cli/Interrupt.hpp"

#include <ctime>
#include <signal.h>
#include <unistd.h>

#include "cli/CommandResult.hpp"

namespace loopsim {
namespace {

/// Nothing needs to be tidied up: files appear whole or not at all.
extern "C" void end_program(int) {
  _exit(static_cast<int>(ExitCode::interrupted));
}

// Signal handlers can be told of nothing but what is static.

/// The only way for a handler to tell anybody.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// How long the work may take to come to an end, of the process's own time, and in all where it waits for others.
struct Patience {
  clockid_t clock;
  itimerspec time;
  timer_t timer;
  bool running;
};
Patience patience[] = {{CLOCK_PROCESS_CPUTIME_ID, {{}, {0, 250'000'000}}, {}, false},
                       {CLOCK_MONOTONIC, {{}, {1, 0}}, {}, false}};

extern "C" void note_interrupt(int) {
  if (interrupted) _exit(static_cast<int>(ExitCode::interrupted));
  interrupted = true;
  for (const Patience& p : patience) {
    if (p.running) timer_settime(p.timer, 0, &p.time, nullptr);
  }
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void handle_interrupts(void (*handler)(int)) {
  constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (const int signal : signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) handle(signal, handler);
  }
}

}  // namespace

void exit_on_interrupt() {
  handle_interrupts(end_program);
}

const std::atomic<bool>& interrupt_flag() {
  return interrupted;
}

void stop_on_interrupt() {
  handle(SIGALRM, end_program);
  for (Patience& p : patience) {
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    if (!p.running) p.running = timer_create(p.clock, &event, &p.timer) == 0;
  }
  handle_interrupts(note_interrupt);
}

}  // namespace loopsim
