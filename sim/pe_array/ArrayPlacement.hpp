#pragma once

#include <cstdint>
#include <vector>

#include "base/Quantity.hpp"
#include "sim/pe_array/MeshUse.hpp"

namespace loopsim {

/// Where the arrays lie in the mesh of PEs: stages side by side in tree order, each as wide as its loops unroll or as
/// simulation.pe.partition says.
struct ArrayPlacement {
  MeshExtent mesh;                     ///< the machine's; what the loops need, if it is unlimited
  std::vector<std::int64_t> leftmost;  ///< column of each leaf
  /// Of each leaf: of the adder tree in which the sums of its PEs meet.
  std::vector<Cycle> reduction;
};

ArrayPlacement place_arrays(const BoundTree& tree, const Schedule& schedule, const MeshUse& use);

}  // namespace loopsim
