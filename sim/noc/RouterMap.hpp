#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arch/topologies/TopologyTable.hpp"
#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

/// The routers of a topology with their terminals, ports and links, by number. A router's ports are those to others,
/// then its terminals'. Output `port` of a router is link `router * radix + port`; the way from a terminal into its
/// router has a link of its own after these.
class RouterMap {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Throws std::invalid_argument for settings outside their ranges.
  explicit RouterMap(const MeshSettings& settings);

  const Topology& topology() const { return *topology_; }
  /// Classes of virtual channels that its ways need.
  std::uint32_t channel_classes() const { return kind_->channel_classes; }

  std::uint32_t routers() const { return topology_->routers(); }
  std::uint32_t terminals() const { return routers() + static_cast<std::uint32_t>(ports_.size()); }
  std::uint32_t radix() const { return radix_; }
  std::uint32_t links() const { return routers() * radix_ + terminals(); }
  Port first_terminal_port() const { return first_terminal_port_; }

  RouterId router_of(TerminalId terminal) const {
    return terminal.value < routers() ? RouterId(terminal.value) : ports_[terminal.value - routers()].router;
  }
  Port port_of(TerminalId terminal) const {
    return terminal.value < routers() ? first_terminal_port_ : ports_[terminal.value - routers()].port;
  }
  LinkId injection_link(TerminalId terminal) const { return LinkId(routers() * radix_ + terminal.value); }

  /// The terminal at this port (`router * radix + port`), or `none`.
  std::uint32_t terminal_at(std::uint32_t router_port) const;

  Port route(RouterId at, TerminalId destination) const {
    const RouterId to = router_of(destination);
    return at == to ? port_of(destination) : topology_->route(at, to);
  }
  /// Both ends included.
  std::int64_t routers_between(TerminalId from, TerminalId to) const;

  /// "mesh".
  std::string topology_name() const { return std::string(kind_->name); }
  std::string link_name(LinkId link) const;
  std::string terminal_name(TerminalId terminal) const;
  std::string router_name(RouterId router) const;

 private:
  struct Terminal {
    RouterId router;
    Port port = 0;
    std::uint32_t number = 0;
  };

  const TopologyKind* kind_;
  std::shared_ptr<const Topology> topology_;
  Port first_terminal_port_ = 0;
  std::uint32_t radix_ = 0;
  std::vector<Terminal> ports_;         ///< the terminals beside the nodes' own
  std::vector<Terminal> sorted_ports_;  ///< by router and port
};

}  // namespace loopsim
