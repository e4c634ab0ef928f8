#pragma once

#include <utility>
#include <vector>

#include "sim/Measurement.hpp"
#include "sim/noc/Breakdown.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// Sorts the flits of links by where these are. Of the mesh's ports the first `buffer_ports` are the global buffer's.
MeshLoad mesh_load(const MeshSettings& settings, std::size_t buffer_ports,
                   const std::vector<std::pair<LinkId, std::int64_t>>& flits_of_link);

}  // namespace loopsim
