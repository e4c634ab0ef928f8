#pragma once

#include "base/Diagnostics.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// Everything that is counted later must fit in 64 bits: operations of all einsums, words that each reaches.
void check_sizes(const EinsumGraph& graph, Diagnostics& diagnostics);

}  // namespace loopsim
