#pragma once

namespace loopsim {

/// How much of a run a timeline shows; each level has what the ones before have.
enum class TimelineLevel {
  layer,     ///< for each einsum and each tensor's moves one slice
  tile,      ///< tile operations, moves of tiles, words held
  transfer,  ///< parts of a move's time, rows open in each DRAM bank, DRAM bandwidth
};

}  // namespace loopsim
