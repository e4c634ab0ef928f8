// A user's program: it links the installed libraries, SystemC included.
#include <systemc>

#include "arch/EnergyTable.hpp"
#include "workloads/Presets.hpp"

int sc_main(int, char**) {
  loopsim::Architecture machine;
  machine.memories.resize(2);
  loopsim::apply_default_energies(machine);
  return machine.memories[1].energy.read_pj > 0 && loopsim::preset_text("edge") ? 0 : 1;
}
