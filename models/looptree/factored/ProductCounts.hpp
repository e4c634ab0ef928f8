#pragma once

#include <cstdint>
#include <vector>

#include "models/looptree/factored/FlagCounts.hpp"

namespace loopsim {

/// Words of a whole tensor that move, summed over moments and instances.
struct MovedWords {
  std::int64_t fills = 0;
  std::int64_t peer = 0;
  std::int64_t parent_reads = 0;
};

/// Counts of one factor, and whether lanes run over it.
struct FactorCounts {
  const FlagCounts* counts = nullptr;
  bool has_lanes = false;
};

/// Combines the factors of a tensor. The moments of the factors are independent of each other, so sums of products are
/// products of sums. With peers at most two factors have lanes.
MovedWords moved_words(const std::vector<FactorCounts>& factors, bool with_peers);

}  // namespace loopsim
