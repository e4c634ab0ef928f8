#pragma once

#include "base/Diagnostics.hpp"
#include "models/tree/BoundTree.hpp"
#include "sim/schedule/MeshUse.hpp"

namespace loopsim {

/// An error where the machine's network is a mesh of more routers than can be simulated.
void report_network(const BoundTree& tree, const MeshUse& use, Diagnostics& diagnostics);

}  // namespace loopsim
