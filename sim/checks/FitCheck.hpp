#pragma once

#include <map>
#include <optional>

#include "arch/Architecture.hpp"
#include "sim/buffers/Holdings.hpp"
#include "sim/pe_array/MeshUse.hpp"
#include "sim/schedule/StepUse.hpp"

namespace loopsim {

struct RunObserver;
struct SimulationOptions;

/// What a schedule needs of a machine at least.
struct Requirements {
  std::map<LevelId, Holdings::Peak> space;
  std::optional<std::map<LevelId, std::int64_t>> live_at_boundaries;  ///< see LiveAtBoundaries
  MeshUse mesh;
  StepUse steps;
  IdVector<EinsumId, std::int64_t> wrap_recomputed;  ///< operations, see HeldRecomputation
};

/// `observer`: told of each tile operation that is checked, if there is one.
Requirements requirements(const BoundTree& tree, const Schedule& schedule, RunObserver* observer = nullptr);

/// All that `simulate` refuses before it starts, in the same words on every rung that refuses it.
Requirements check_requirements(const BoundTree& tree, const Schedule& schedule, const SimulationOptions& options,
                                Diagnostics& diagnostics);

/// Errors where a buffer or the PE mesh is too small. On the rung `ideal` the mesh is unlimited.
void report_misfits(const BoundTree& tree, const Schedule& schedule, const Requirements& requirements,
                    Fidelity fidelity, Diagnostics& diagnostics);

}  // namespace loopsim
