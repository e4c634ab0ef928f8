#pragma once

#include <string>

#include "inputs/Inputs.hpp"

namespace loopsim {

/// The inputs as one YAML file with every default written out; loading it gives the same machine, workload and tree.
std::string resolved_yaml(const Inputs& inputs);

}  // namespace loopsim
