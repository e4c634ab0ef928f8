#pragma once

#include <functional>
#include <map>

#include "sim/schedule/Holdings.hpp"

namespace loopsim {

/// The least space each level needs for this schedule: one tile operation after the other in tree order, no prefetch,
/// one slot, moves that take no time. A machine with less cannot run it at all; with this much it always can.
/// `visit` sees every tile operation on the way.
std::map<LevelId, Holdings::Peak> minimum_space(const BoundTree& tree, const Schedule& schedule,
                                                const std::function<void(const TileOperation&)>& visit);

}  // namespace loopsim
