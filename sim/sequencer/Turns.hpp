#pragma once

#include <optional>
#include <vector>

#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// Why a tile operation may not start yet as far as others are concerned.
enum class Turn {
  now,         ///< it may
  dependency,  ///< what it reads, or its own array's results, are not there yet
  slot,        ///< those that read from it are two iterations behind
  idle,        ///< it is another array's turn
};

/// Who comes before whom at the branches of a tree. Under `sequential` an iteration's children follow each other, and a
/// pipeline in one of them drains first. Under `pipeline` a child starts iteration t when its producers have finished t
/// and its consumers t - 2.
class Turns {
 public:
  Turns(const BoundTree& tree, const Schedule& schedule);

  /// Iteration at each of its branches of a leaf's next operation not retired; nothing: it has none left.
  void set(LeafIndex leaf, std::optional<std::vector<std::int64_t>> iteration) {
    progress_[leaf] = std::move(iteration);
  }
  Turn of(const TileOperation& operation) const;

 private:
  std::optional<StageIndex> unfinished_stage(NodeId branch, std::size_t child, std::int64_t iterations,
                                             std::optional<StageIndex> except = std::nullopt) const;

  const BoundTree* tree_;
  const Schedule* schedule_;
  std::vector<std::optional<std::vector<std::int64_t>>> progress_;  ///< by leaf
};

}  // namespace loopsim
