#pragma once

#include <optional>

#include "base/Ids.hpp"
#include "models/looptree/EinsumTimeline.hpp"

namespace loopsim {

/// Time of a tree in steps (R12).
struct Latency {
  std::int64_t sequential = 0;  ///< nothing overlaps
  std::int64_t pipelined = 0;   ///< by LoopTree's formula of what pipelines hide
  std::int64_t unlimited = 0;   ///< stages run ahead as far as their producers let them
};

Latency latency(const BoundTree& tree, const IdVector<EinsumId, EinsumTimeline>& timelines);

}  // namespace loopsim
