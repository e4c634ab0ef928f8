#pragma once

#include "models/looptree/access/AccessCounts.hpp"
#include "models/looptree/access/AccessPath.hpp"

namespace loopsim {

/// Counts by holding the set of every iteration and instance: rules R3, R5 and R6 word for word. Cost and memory
/// follow the number of iterations, so this serves where the factored count does not apply, and to check it.
AccessCounts enumerate_access(const BoundTree& tree, const AccessPath& path);

}  // namespace loopsim
