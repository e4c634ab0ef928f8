#pragma once

namespace loopsim {

/// The program, from its command line to its exit code.
int run_program(int argc, char** argv);

}  // namespace loopsim
