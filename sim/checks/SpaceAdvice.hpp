#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// A loop with a smaller tile.
struct ShrunkLoop {
  NodeId loop;
  std::int64_t tile_shape = 0;  ///< of a loop with `factor`: 0
  std::int64_t factor = 0;      ///< of a loop with `tile_shape`: 0
};

/// A way to need less of a memory: smaller tiles of one loop, or of a few together, all else as it is.
struct SpaceAdvice {
  std::vector<ShrunkLoop> loops;  ///< in tree order
  std::int64_t bits = 0;          ///< what the schedule needs of the level then
};

/// The temporal loop whose tile lowers the need of `level` most when it is halved, and halved again until the need
/// fits; where several places need as much, so that no loop alone lowers it, the fewest loops that do together. Nothing
/// if none do. Each is tried on a copy of the tree, so that halos and what other tensors need count as they do in a
/// run.
std::optional<SpaceAdvice> loops_to_shrink(const BoundTree& tree, LevelId level, std::int64_t bits_needed);

}  // namespace loopsim
