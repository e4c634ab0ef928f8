#pragma once

#include <yaml-cpp/emitter.h>

#include "inputs/Inputs.hpp"

namespace loopsim {

/// Writes `simulation:` into a map that has begun, by the table of keys: every key whose row has a value to write.
void write_simulation(YAML::Emitter& out, const Inputs& inputs);

}  // namespace loopsim
