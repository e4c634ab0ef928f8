#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/generator/Dice.hpp"
#include "tests/generator/RandomTree.hpp"
#include "tests/generator/Workload.hpp"

namespace loopsim::generator {

/// A key below `simulation:` and its value as text; dots part the levels of the key.
using Settings = std::vector<std::pair<std::string, std::string>>;

struct Machine {
  TreeRoom room;
  std::vector<std::string> levels;  ///< names, the compute level last
  std::string preset;               ///< `preset:NAME`, or empty
  std::string architecture;         ///< YAML, or empty
  std::string energies;             ///< YAML of an ERT, or empty
  Settings settings;
  int line_bits = 0;  ///< of the global buffer's banks; 0: no banks
  int word_bits = 8;
  bool sized = false;  ///< some memory is finite
};

/// Levels and mesh; what depends on the workload comes later.
Machine random_machine(Dice& dice);

/// Sizes, bandwidths, latencies, banks, DRAM and network; each often left as it is.
void add_machine_settings(Machine& machine, const Workload& workload, Dice& dice);

/// Operations, shapes, bits and layouts of a workload.
void add_workload_settings(Machine& machine, const Workload& workload, Dice& dice);

}  // namespace loopsim::generator
