#pragma once

#include <functional>
#include <map>
#include <stdexcept>

#include "sim/buffers/Holdings.hpp"

namespace loopsim {

/// The mapping counts on words that no buffer holds when they are read: LoopTree's retention rule reaches further than
/// what the storage nodes keep.
struct UnheldWordsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A tile operation that has retired in tree order, and whether it is the last of its iteration of the loops above the
/// outermost branch.
struct RetiredOperation {
  const TileOperation& operation;
  const Plan& plan;
  const Holdings& holdings;
  bool last_of_tile = false;
};

/// The least space each level needs for this schedule: one tile operation after the other in tree order, no prefetch,
/// one slot, moves that take no time. A machine with less cannot run it at all; with this much it always can.
/// `visit` sees every tile operation on the way. Throws UnheldWordsError.
std::map<LevelId, Holdings::Peak> minimum_space(const BoundTree& tree, const Schedule& schedule,
                                                const std::function<void(const RetiredOperation&)>& visit);

}  // namespace loopsim
