#pragma once

#include <vector>

#include "sim/pe_array/ArrayPoint.hpp"

namespace loopsim {

/// Whether a loop on whose rank a stored tensor does not depend leaves its tiles as they are, in tile operations on
/// these lanes: those of boxes always. Others must be made of the coordinates of the tensor's ranks times those of the
/// others.
bool held_through_loops(const std::vector<ArrayPoint>& points, const std::vector<ArrayLane>& lanes);

}  // namespace loopsim
