#pragma once

#include <cstdint>
#include <optional>

#include "models/tree/BoundTree.hpp"

namespace loopsim {

/// A way to need less of a memory: half the tile of one loop, all else as it is.
struct SpaceAdvice {
  NodeId loop;
  std::int64_t tile_shape = 0;  ///< half of what it is, rounded up; of a loop with `factor`: 0
  std::int64_t factor = 0;      ///< twice what it is; of a loop with `tile_shape`: 0
  std::int64_t bits = 0;        ///< what the schedule needs of the level then
};

/// The temporal loop whose tile lowers the need of `level` most when it is halved; nothing if none lowers it. Each is
/// tried on a copy of the tree, so that halos and what other tensors need count as they do in a run.
std::optional<SpaceAdvice> best_loop_to_shrink(const BoundTree& tree, LevelId level, std::int64_t bits_needed);

}  // namespace loopsim
