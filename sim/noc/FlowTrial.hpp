#pragma once

#include <vector>

#include "sim/noc/StepPattern.hpp"

namespace loopsim {

/// The packets of a step, every so many cycles.
struct PatternFlow {
  const StepPattern* pattern = nullptr;
  Cycle period{1};  ///< >= 1
};

/// Sends the flows together over a mesh, flit by flit, and tells which of them the mesh does not carry: their packets
/// pile up at the sources. Throws DeadlockError if they block each other for good.
std::vector<bool> fall_behind(const MeshSettings& settings, const std::vector<PatternFlow>& flows);

}  // namespace loopsim
