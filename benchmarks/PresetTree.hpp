#pragma once

#include <string>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// A preset on a machine, read and bound: what every model starts from.
BoundTree preset_tree(const std::string& workload, const std::string& machine);

}  // namespace loopsim
