#pragma once

#include <atomic>

namespace loopsim {

/// From here on an interrupt (SIGINT, SIGTERM, SIGHUP) ends the program at once with exit code 130, unless it was
/// ignored before.
void exit_on_interrupt();

/// True once there was an interrupt after stop_on_interrupt().
const std::atomic<bool>& interrupt_flag();

/// From here on the first interrupt sets the flag instead, so that the work can be brought to an end; the second ends
/// the program at once, and so does a third of a second of work after the first. Nothing changes if interrupts were
/// ignored before.
void stop_on_interrupt();

}  // namespace loopsim
