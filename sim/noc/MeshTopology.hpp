#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// Ports of a router: four neighbours, then its terminals. Not all exist at the edge of the mesh.
using Port = std::uint32_t;
constexpr Port east = 0, west = 1, south = 2, north = 3, first_terminal_port = 4;

/// The port of the router next door that this one leads to.
constexpr Port facing(Port port) {
  return port ^ 1U;
}

/// A rectangle of routers. Output `port` of a router is link `router * radix + port`; the way from a terminal into its
/// router has a link of its own after these.
class MeshTopology {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Throws std::invalid_argument for settings outside their ranges.
  explicit MeshTopology(const MeshSettings& settings);

  std::uint32_t routers() const { return width_ * height_; }
  std::uint32_t terminals() const { return routers() + static_cast<std::uint32_t>(ports_.size()); }
  std::uint32_t radix() const { return radix_; }
  std::uint32_t links() const { return routers() * radix_ + terminals(); }

  RouterId router_of(TerminalId terminal) const {
    return terminal.value < routers() ? RouterId(terminal.value) : ports_[terminal.value - routers()].router;
  }
  Port port_of(TerminalId terminal) const {
    return terminal.value < routers() ? first_terminal_port : ports_[terminal.value - routers()].port;
  }
  LinkId injection_link(TerminalId terminal) const { return LinkId(routers() * radix_ + terminal.value); }

  /// The terminal at this port (`router * radix + port`), or `none`.
  std::uint32_t terminal_at(std::uint32_t router_port) const;

  /// XY routing: along the row first.
  Port route(RouterId at, TerminalId destination) const {
    const RouterId to = router_of(destination);
    const std::uint32_t x = at.value % width_, to_x = to.value % width_;
    if (x != to_x) return x < to_x ? east : west;
    if (at == to) return port_of(destination);
    return at.value < to.value ? south : north;
  }
  /// Behind this port, if there is one.
  std::optional<RouterId> neighbour(RouterId router, Port port) const;
  std::int64_t routers_between(TerminalId from, TerminalId to) const;

  std::string link_name(LinkId link) const;
  std::string terminal_name(TerminalId terminal) const;
  std::string router_name(RouterId router) const;

 private:
  struct Terminal {
    RouterId router;
    Port port = 0;
    std::uint32_t number = 0;
  };

  std::uint32_t width_;
  std::uint32_t height_;
  std::uint32_t radix_ = 0;
  std::vector<Terminal> ports_;         ///< the terminals beside the nodes' own
  std::vector<Terminal> sorted_ports_;  ///< by router and port
};

}  // namespace loopsim
