#pragma once

#include <cstdint>
#include <vector>

#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// How much of a mesh's channels and buffers may be used, all of it first. Who wins at a router depends on both, so
/// that a mesh with more may be slower by chance; since it may leave unused what it has, the best of these counts, and
/// more is never slower. More than four channels of a class, and buffers deeper than twice the way of a credit there
/// and back or the longest packet, change nothing in the long run and are not simulated. `longest`: flits of a packet.
/// Smaller buffers than that are left out: packets could block each other in them.
std::vector<MeshSettings> network_choices(const MeshSettings& settings, std::int64_t longest);

/// Cycles from the grant of a flit until its credit can be used again, when nothing is in the way.
std::int64_t credit_loop(const RouterDelays& delays);

}  // namespace loopsim
