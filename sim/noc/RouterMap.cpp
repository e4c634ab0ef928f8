#include "sim/noc/RouterMap.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <tuple>

namespace loopsim {

namespace {

/// The settings' topology. Throws std::invalid_argument for settings outside their ranges.
const TopologyKind& checked_kind(const MeshSettings& settings) {
  const RouterDelays& d = settings.delays;
  const auto require = [](bool good, const std::string& what) {
    if (!good) throw std::invalid_argument(what);
  };
  const TopologyKind* const kind = find_topology(settings.topology);
  require(kind != nullptr, fmt::format("there is no topology '{}'", settings.topology));
  require(settings.width > 0 && settings.height > 0,
          fmt::format("a {} needs at least one column and one row", kind->name));
  require(settings.width <= longest_mesh_side && settings.height <= longest_mesh_side &&
              settings.width * settings.height <= most_mesh_routers,
          fmt::format("a {} has at most 65536 routers", kind->name));
  require(settings.vcs >= 1 && settings.vcs <= 64, "there are 1 to 64 virtual channels");
  require(settings.vcs >= kind->channel_classes,
          fmt::format("a {} needs at least {} virtual channels", kind->name, kind->channel_classes));
  require(settings.buffer >= 1 && settings.buffer <= 65536, "a virtual channel's buffer holds 1 to 65536 flits");
  require(d.vc_allocation >= Cycle(1) && d.switch_allocation >= Cycle(1), "an allocation takes at least one cycle");
  for (const Cycle delay : {d.routing, d.vc_allocation, d.switch_allocation, d.switch_traversal, d.link, d.credit}) {
    require(delay >= Cycle(0) && delay <= Cycle(1000), "a stage takes 0 to 1000 cycles");
  }
  return *kind;
}

}  // namespace

RouterMap::RouterMap(const MeshSettings& settings)
    : kind_(&checked_kind(settings)),
      topology_(kind_->make(static_cast<std::uint32_t>(settings.width), static_cast<std::uint32_t>(settings.height))),
      first_terminal_port_(topology_->directions()) {
  constexpr Port most_ports = 64;
  std::map<RouterId, Port> next_port;
  radix_ = first_terminal_port_ + 1;
  for (const RouterId router : settings.ports) {
    if (router.value >= routers()) {
      throw std::invalid_argument(fmt::format("a terminal needs a router of the {}", kind_->name));
    }
    const Port port = next_port.emplace(router, first_terminal_port_ + 1).first->second++;
    ports_.push_back({router, port, terminals()});
    radix_ = std::max(radix_, port + 1);
  }
  if (radix_ > most_ports) {
    throw std::invalid_argument(fmt::format("a router has at most {} terminals", most_ports - first_terminal_port_));
  }
  sorted_ports_ = ports_;
  std::sort(sorted_ports_.begin(), sorted_ports_.end(), [](const Terminal& a, const Terminal& b) {
    return std::tie(a.router, a.port) < std::tie(b.router, b.port);
  });
}

std::uint32_t RouterMap::terminal_at(std::uint32_t router_port) const {
  const RouterId router(router_port / radix_);
  const Port port = router_port % radix_;
  if (port < first_terminal_port_) return none;
  if (port == first_terminal_port_) return router.value;
  const auto found = std::lower_bound(
      sorted_ports_.begin(), sorted_ports_.end(), std::pair(router, port),
      [](const Terminal& terminal, const auto& at) { return std::pair(terminal.router, terminal.port) < at; });
  const bool there = found != sorted_ports_.end() && found->router == router && found->port == port;
  return there ? found->number : none;
}

std::int64_t RouterMap::routers_between(TerminalId from, TerminalId to) const {
  const RouterId last = router_of(to);
  std::int64_t routers = 1;
  for (RouterId at = router_of(from); at != last; ++routers) {
    at = topology_->neighbour(at, topology_->route(at, last))->router;
  }
  return routers;
}

std::string RouterMap::router_name(RouterId router) const {
  return fmt::format("({},{})", router.value % topology_->columns(), router.value / topology_->columns());
}

std::string RouterMap::terminal_name(TerminalId terminal) const {
  const std::string at = router_name(router_of(terminal));
  return terminal.value < routers() ? "node " + at : fmt::format("port {} at {}", terminal.value - routers(), at);
}

std::string RouterMap::link_name(LinkId link) const {
  const std::uint32_t outputs = routers() * radix_;
  if (link.value >= outputs) return fmt::format("{} in", terminal_name(TerminalId(link.value - outputs)));
  const Port port = link.value % radix_;
  if (port < first_terminal_port_) {
    return router_name(RouterId(link.value / radix_)) + " " + topology_->direction_name(port);
  }
  const std::uint32_t terminal = terminal_at(static_cast<std::uint32_t>(link.value));
  return terminal == none ? "unused" : terminal_name(TerminalId(terminal)) + " out";
}

}  // namespace loopsim
