#pragma once

#include <string>

#include "tests/generator/Dice.hpp"
#include "tests/generator/Machine.hpp"
#include "tests/generator/Tree.hpp"
#include "tests/generator/Workload.hpp"

namespace loopsim::generator {

std::string problem_text(const Workload& workload, Dice& dice);

/// Levels by number, or by name where `names` is set.
std::string mapping_text(const Workload& workload, const NodeList& nodes, const Machine& machine, bool names);

/// `simulation:` with these keys as a tree; empty without any.
std::string settings_text(const Settings& settings);

}  // namespace loopsim::generator
