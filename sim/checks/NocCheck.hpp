#pragma once

#include "base/Diagnostics.hpp"
#include "mapping/BoundTree.hpp"
#include "sim/pe_array/MeshUse.hpp"

namespace loopsim {

/// An error where the machine's network is a mesh of more routers than can be simulated.
void report_network(const BoundTree& tree, const MeshUse& use, Diagnostics& diagnostics);

}  // namespace loopsim
