#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// Ports of a router: four neighbours, then its terminals. Not all exist at the edge of the mesh.
using Port = std::uint32_t;
constexpr Port east = 0, west = 1, south = 2, north = 3, first_terminal_port = 4;

/// A rectangle of routers. Output `port` of a router is link `router * radix + port`; the way from a terminal into its
/// router has a link of its own after these.
class MeshTopology {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Throws std::invalid_argument for settings outside their ranges.
  explicit MeshTopology(const MeshSettings& settings);

  std::uint32_t routers() const { return width_ * height_; }
  std::uint32_t terminals() const { return static_cast<std::uint32_t>(terminals_.size()); }
  std::uint32_t radix() const { return radix_; }
  std::uint32_t links() const { return routers() * radix_ + terminals(); }

  RouterId router_of(TerminalId terminal) const { return terminals_[terminal.value].router; }
  Port port_of(TerminalId terminal) const { return terminals_[terminal.value].port; }
  LinkId injection_link(TerminalId terminal) const { return LinkId(routers() * radix_ + terminal.value); }

  /// The input (`router * radix + port`) a router's output leads to, and back; `none` for terminals and at edges.
  std::uint32_t opposite(std::uint32_t output) const { return opposite_[output]; }
  /// The terminal at this port, or `none`.
  std::uint32_t terminal_at(std::uint32_t router_port) const { return terminal_at_[router_port]; }

  /// XY routing: along the row first.
  Port route(RouterId at, TerminalId destination) const {
    const Terminal& to = terminals_[destination.value];
    const std::uint32_t x = at.value % width_, to_x = to.router.value % width_;
    if (x != to_x) return x < to_x ? east : west;
    if (at == to.router) return to.port;
    return at.value < to.router.value ? south : north;
  }
  RouterId neighbour(RouterId router, Port port) const {
    return RouterId(opposite_[router.value * radix_ + port] / radix_);
  }
  std::int64_t routers_between(TerminalId from, TerminalId to) const;

  std::string link_name(LinkId link) const;
  std::string terminal_name(TerminalId terminal) const;
  std::string router_name(RouterId router) const;

 private:
  struct Terminal {
    RouterId router;
    Port port = 0;
  };

  std::uint32_t width_;
  std::uint32_t height_;
  std::uint32_t radix_ = 0;
  std::vector<Terminal> terminals_;
  std::vector<std::uint32_t> opposite_;
  std::vector<std::uint32_t> terminal_at_;
};

}  // namespace loopsim
