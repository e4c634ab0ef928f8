#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arch/topologies/Topology.hpp"
#include "base/Quantity.hpp"

namespace loopsim {

/// Cycles each stage takes. The defaults are the reference's: 4 cycles a router and its link, 2 from source to router.
struct RouterDelays {
  Cycle routing{0};
  Cycle vc_allocation{1};      ///< >= 1
  Cycle switch_allocation{1};  ///< >= 1
  Cycle switch_traversal{1};
  Cycle link{1};
  Cycle credit{1};  ///< processing of a returned credit, after its way back over a link

  /// From the switch's grant to the next router.
  Cycle grant_to_arrival() const { return switch_allocation + switch_traversal + link; }
  /// A head's way through a router and its link when nothing is in the way.
  Cycle hop() const { return routing + vc_allocation + grant_to_arrival(); }
  Cycle injection() const { return Cycle(1) + link; }
};

constexpr std::int64_t most_mesh_routers = 65'536;
constexpr std::int64_t longest_mesh_side = 4096;

/// Router (x, y) has number y * width + x and terminal of the same number.
struct MeshSettings {
  std::string topology = "mesh";  ///< of arch/topologies/TopologyTable.hpp
  std::int64_t width = 1;         ///< > 0
  std::int64_t height = 1;        ///< > 0
  std::int64_t vcs = 1;           ///< virtual channels a link, 1 to 64, and no fewer than the topology needs
  std::int64_t buffer = 8;        ///< flits a virtual channel, > 0
  RouterDelays delays;
  /// Further terminals, numbered after the nodes' own: at which router. At most 60 a router.
  std::vector<RouterId> ports;
};

}  // namespace loopsim
