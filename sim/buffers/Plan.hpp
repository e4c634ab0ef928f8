#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/buffers/Move.hpp"

namespace loopsim {

/// Bits by instance of a level.
using LevelBits = std::map<std::pair<LevelId, Place>, std::int64_t>;

/// Bits that an instance holds: its own and those of the nodes above the loops that tell it from others.
std::int64_t bits_of_instance(const LevelBits& bits, const std::pair<LevelId, Place>& instance);

/// What a tile operation needs of the buffers before it can start, worked out against what they hold.
struct Plan {
  struct Lane {
    Place place;
    PointSet touched;  ///< LoopTree's count: padding may be data
    PointSet stored;
    PointSet allocate;        ///< not held yet
    PointSet move;            ///< to be read from the parent
    PointSet fresh;           ///< outputs: accumulation begins with this operation
    PointSet finished;        ///< outputs: accumulation ends with this operation
    std::int64_t copies = 0;  ///< recomputed words that a consumer still reads in another slot
  };
  struct Entry {
    HoldingIndex node = 0;
    bool output = false;
    bool innermost = false;
    std::int64_t iteration = 0;
    std::vector<Lane> lanes;
    std::vector<LaneWords> instances;  ///< touched, where a copy serves several of them (HoldingNode::shared)
  };
  LeafIndex leaf = 0;
  TimeIndex time;
  std::vector<Entry> entries;  ///< parents before children
  LevelBits bits;              ///< to be allocated
  LevelBits kept;              ///< held already, but sequential order would give them up and take them again
  bool sources_ready = true;   ///< everything to be moved is in the parents or on its way there
};

}  // namespace loopsim
