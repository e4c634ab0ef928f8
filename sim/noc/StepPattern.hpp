#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"
#include "sim/noc/RouterMap.hpp"

namespace loopsim {

/// Equal packets of a step.
struct RepeatedPacket {
  Packet packet;
  std::int64_t count = 1;
  std::int64_t bits = 0;  ///< of words in one
};

/// What a step sends over one mesh.
struct StepPattern {
  struct LinkLoad {
    LinkId link;
    std::int64_t flits = 0;
    /// That it takes them at the least: with one virtual channel for packets of a class, these follow each other with a
    /// cycle between them.
    std::int64_t cycles = 0;
  };
  /// One step alone.
  struct OneStep {
    Cycle operands;  ///< until the last copy has arrived
    Cycle results;   ///< until the last sum has arrived
    NetworkCounters counters;
  };

  std::vector<RepeatedPacket> packets;  ///< tagged with their places in this list
  std::vector<LinkLoad> links;          ///< that carry something, in the order of their numbers
  OneStep step;
  std::int64_t bit_hops = 0;  ///< bits of words times the routers they pass
  std::int64_t longest = 0;   ///< flits of a packet
  std::int64_t most = 0;      ///< of equal packets
  /// Different packets come to a link from different sides, or in different classes of channels, so that it matters who
  /// wins.
  bool merges = false;
};

/// `packets`: at least one; tags are not looked at.
StepPattern make_step_pattern(const MeshSettings& settings, const RouterMap& map, std::vector<RepeatedPacket> packets);

}  // namespace loopsim
