#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "sim/noc/RouterMap.hpp"

namespace loopsim {

/// The ways between one terminal and several, joined where they share links. Made once for all equal packets.
struct RouteTree {
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Branch {
    Port output = 0;
    std::uint32_t channel_class = Topology::any_class;
    std::uint32_t next = none;  ///< node at the next router; none at a terminal
  };
  struct Node {
    RouterId router;
    std::uint32_t inputs = 0;  ///< over how many inputs the packet's shares come
    std::vector<Branch> branches;
  };

  std::vector<Node> nodes;
  std::vector<std::uint32_t> entry;  ///< the node at which each source enters, as the packet lists them
  std::uint32_t deliveries = 0;

  /// Links of routers that one packet crosses, those to terminals included.
  std::int64_t links() const;
};

/// Throws std::invalid_argument if a terminal does not exist or is listed twice.
RouteTree make_route_tree(const RouterMap& map, const Packet& packet);

/// Trees by their ends.
class RouteTrees {
 public:
  const RouteTree& find(const RouterMap& map, const Packet& packet);

 private:
  std::map<std::pair<PacketKind, std::vector<TerminalId>>, std::unique_ptr<RouteTree>> trees_;
  std::vector<TerminalId> ends_;
};

}  // namespace loopsim
