#pragma once

namespace loopsim {

/// From here on an interrupt (SIGINT) ends the program at once with exit code 130, unless it was ignored before.
void exit_on_interrupt();

}  // namespace loopsim
