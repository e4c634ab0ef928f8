#pragma once

#include <vector>

#include "mapping/BoundTree.hpp"
#include "mapping/Measures.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// Energy of a run: physical actions (an access moves `width` bits, so it serves several words; partly used accesses
/// cost a whole one), operations, and leakage over the run's time. `private_instances`: PEs that hold private buffers.
std::vector<EnergyMeasure> count_energy(const BoundTree& tree, const Measures& measures, std::int64_t cycles,
                                        std::int64_t private_instances);

/// Puts the energy of the DRAM's commands in the place of that of accesses to the outermost memory.
void charge_dram_commands(std::vector<EnergyMeasure>& energy, const BoundTree& tree, const JedecCounters& dram);

/// Adds what flits cost on the way between memories and array.
void charge_network(std::vector<EnergyMeasure>& energy, const BoundTree& tree, const NocCounters::Network& network);

}  // namespace loopsim
