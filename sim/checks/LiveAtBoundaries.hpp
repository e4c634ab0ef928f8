#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/buffers/Holdings.hpp"
#include "sim/buffers/LevelUsage.hpp"

namespace loopsim {

/// Words that buffers carry from one tile to the next, when tile operations run one after the other in tree order: at
/// the end of an iteration of the loops above the outermost branch, the words held that a later tile operation uses.
/// These are the reuse buffers of fused-layer accelerators, without what layers hand to each other within a tile.
class LiveAtBoundaries {
 public:
  LiveAtBoundaries(const BoundTree& tree, const Schedule& schedule);

  /// A tile operation has retired.
  void visit(const Plan& plan, const Holdings& holdings, bool last_of_tile);
  /// The most words of the fullest instance of each buffer below the outermost memory. Nothing: the tree has no branch,
  /// or more than `most_tiles` tiles.
  std::optional<std::map<LevelId, std::int64_t>> most() const;

  static constexpr std::size_t most_tiles = 16'384;

 private:
  /// By storage node and instance.
  using Words = std::vector<std::map<Place, PointSet>>;
  struct Tile {
    Words used;
    Words held;  ///< at its end
  };

  std::vector<HoldingNode> nodes_;
  bool counted_;
  std::vector<Tile> tiles_;
  Words used_;  ///< in the current tile, so far
};

}  // namespace loopsim
