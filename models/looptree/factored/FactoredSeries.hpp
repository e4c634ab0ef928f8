#pragma once

#include "models/looptree/access/AccessCounts.hpp"
#include "models/looptree/factored/FactoredWords.hpp"

namespace loopsim {

/// Adds the fill and occupancy of every iteration and instance that exists, in row-major order of all indices.
void add_series(const FactoredWords& words, AccessCounts& counts);

}  // namespace loopsim
