#pragma once

#include <vector>

#include "inputs/settings/SimulationKey.hpp"

namespace loopsim {

/// The rows of the table of keys by subject, each in the order of the documentation and of resolved.yaml.

std::vector<SimulationKey> machine_keys();
std::vector<SimulationKey> run_keys();
std::vector<SimulationKey> pe_keys();
std::vector<SimulationKey> level_keys();
std::vector<SimulationKey> dram_keys();
std::vector<SimulationKey> noc_keys();
std::vector<SimulationKey> tensor_keys();
std::vector<SimulationKey> einsum_keys();

}  // namespace loopsim
