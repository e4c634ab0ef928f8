#pragma once

#include <utility>
#include <vector>

#include "sim/attribution/Measurement.hpp"
#include "sim/noc/Breakdown.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// Sorts the flits of links by where these are. Of the mesh's ports the first `buffer_ports` are the global buffer's on
/// the top edge, the next `side_ports` those on the left edge.
MeshLoad mesh_load(const MeshSettings& settings, std::size_t buffer_ports, std::size_t side_ports,
                   const std::vector<std::pair<LinkId, std::int64_t>>& flits_of_link);

}  // namespace loopsim
