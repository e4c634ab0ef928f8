#pragma once

#include <atomic>

namespace loopsim {

/// From here on an interrupt (SIGINT, SIGTERM, SIGHUP) ends the program at once with exit code 130, unless it was
/// ignored before.
void exit_on_interrupt();

/// From here on the first interrupt makes this true instead, so that the work can be brought to an end; the second ends
/// the program at once. Nothing changes if interrupts were ignored before.
const std::atomic<bool>& stop_on_interrupt();

}  // namespace loopsim
