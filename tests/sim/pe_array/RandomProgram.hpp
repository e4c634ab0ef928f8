#pragma once

#include <optional>
#include <vector>

#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

/// An einsum with a random mapping and the tile operations it is to execute. Drawn within a RapidCheck property.
struct RandomProgram {
  BoundTree tree;
  EinsumId einsum;
  ArrayProgram program;  ///< with what the tile operations, which are none of the tree's, tell of its loops
  struct Tile {
    std::vector<ArrayLane> lanes;
    std::optional<NodeId> advanced;
  };
  std::vector<Tile> tiles;
};

/// What a drawing may contain.
struct RandomLimits {
  bool lanes = false;       ///< several lanes, if there are spatial loops above the cut
  bool odd_shapes = false;  ///< tile operations of several boxes and with gaps
  bool banks = false;       ///< level 1 has banks, tensors have layouts
  bool packets = false;     ///< a network carries each word in a packet of its own
};

RandomProgram draw_program(const RandomLimits& limits);

}  // namespace loopsim
