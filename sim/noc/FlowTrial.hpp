#pragma once

#include <optional>
#include <vector>

#include "sim/noc/StepPattern.hpp"

namespace loopsim {

/// The packets of a step, every so many cycles.
struct PatternFlow {
  const StepPattern* pattern = nullptr;
  Cycle period{1};  ///< >= 1
};

/// What became of a flow in a trial.
struct FlowPace {
  bool behind = false;  ///< its packets pile up at the sources
  Cycle period{1};      ///< in which the slowest of its packets came through; its own if it is not behind
};

/// Sends the flows together over a mesh, flit by flit, and tells which of them the mesh carries, and how fast it takes
/// those it does not: to 1 % if there is one alone, else roughly. Throws DeadlockError if they block each other for
/// good. `best`: how fast one alone, if it falls behind and comes through more slowly than that, does not matter.
std::vector<FlowPace> try_flows(const MeshSettings& settings, const std::vector<PatternFlow>& flows,
                                const std::optional<Cycle>& best = std::nullopt);

}  // namespace loopsim
