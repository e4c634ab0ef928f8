#include <cstdlib>
#include <systemc>

#include "cli/Program.hpp"

/// The library's own main prints its copyright notice before anything here could keep it from doing so.
int main(int argc, char** argv) {
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}

int sc_main(int argc, char** argv) {
  return loopsim::run_program(argc, argv);
}
