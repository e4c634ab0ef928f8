#include "sim/noc/MeshTopology.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <tuple>

namespace loopsim {

namespace {

void check(const MeshSettings& settings) {
  const RouterDelays& d = settings.delays;
  const auto require = [](bool good, const char* what) {
    if (!good) throw std::invalid_argument(what);
  };
  require(settings.width > 0 && settings.height > 0, "a mesh needs at least one column and one row");
  require(settings.width <= longest_mesh_side && settings.height <= longest_mesh_side &&
              settings.width * settings.height <= most_mesh_routers,
          "a mesh has at most 65536 routers");
  require(settings.vcs >= 1 && settings.vcs <= 64, "there are 1 to 64 virtual channels");
  require(settings.buffer >= 1 && settings.buffer <= 65536, "a virtual channel's buffer holds 1 to 65536 flits");
  require(d.vc_allocation >= Cycle(1) && d.switch_allocation >= Cycle(1), "an allocation takes at least one cycle");
  for (const Cycle delay : {d.routing, d.vc_allocation, d.switch_allocation, d.switch_traversal, d.link, d.credit}) {
    require(delay >= Cycle(0) && delay <= Cycle(1000), "a stage takes 0 to 1000 cycles");
  }
}

}  // namespace

MeshTopology::MeshTopology(const MeshSettings& settings)
    : width_(static_cast<std::uint32_t>(settings.width)), height_(static_cast<std::uint32_t>(settings.height)) {
  check(settings);
  std::map<RouterId, Port> next_port;
  radix_ = first_terminal_port + 1;
  for (const RouterId router : settings.ports) {
    if (router.value >= routers()) throw std::invalid_argument("a terminal needs a router of the mesh");
    const Port port = next_port.emplace(router, first_terminal_port + 1).first->second++;
    ports_.push_back({router, port, terminals()});
    radix_ = std::max(radix_, port + 1);
  }
  if (radix_ > 64) throw std::invalid_argument("a router has at most 60 terminals");
  sorted_ports_ = ports_;
  std::sort(sorted_ports_.begin(), sorted_ports_.end(), [](const Terminal& a, const Terminal& b) {
    return std::tie(a.router, a.port) < std::tie(b.router, b.port);
  });
}

std::uint32_t MeshTopology::terminal_at(std::uint32_t router_port) const {
  const RouterId router(router_port / radix_);
  const Port port = router_port % radix_;
  if (port < first_terminal_port) return none;
  if (port == first_terminal_port) return router.value;
  const auto found = std::lower_bound(
      sorted_ports_.begin(), sorted_ports_.end(), std::pair(router, port),
      [](const Terminal& terminal, const auto& at) { return std::pair(terminal.router, terminal.port) < at; });
  const bool there = found != sorted_ports_.end() && found->router == router && found->port == port;
  return there ? found->number : none;
}

std::optional<RouterId> MeshTopology::neighbour(RouterId router, Port port) const {
  const std::uint32_t number = router.value, column = number % width_;
  switch (port) {
    case east:
      return column + 1 < width_ ? std::optional(RouterId(number + 1)) : std::nullopt;
    case west:
      return column > 0 ? std::optional(RouterId(number - 1)) : std::nullopt;
    case south:
      return number + width_ < routers() ? std::optional(RouterId(number + width_)) : std::nullopt;
    case north:
      return number >= width_ ? std::optional(RouterId(number - width_)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::int64_t MeshTopology::routers_between(TerminalId from, TerminalId to) const {
  const auto a = router_of(from).value, b = router_of(to).value;
  const auto distance = [](std::uint32_t p, std::uint32_t q) { return std::abs(std::int64_t{p} - std::int64_t{q}); };
  return distance(a % width_, b % width_) + distance(a / width_, b / width_) + 1;
}

std::string MeshTopology::router_name(RouterId router) const {
  return fmt::format("({},{})", router.value % width_, router.value / width_);
}

std::string MeshTopology::terminal_name(TerminalId terminal) const {
  const std::string at = router_name(router_of(terminal));
  return terminal.value < routers() ? "node " + at : fmt::format("port {} at {}", terminal.value - routers(), at);
}

std::string MeshTopology::link_name(LinkId link) const {
  constexpr const char* directions[] = {"east", "west", "south", "north"};
  const std::uint32_t outputs = routers() * radix_;
  if (link.value >= outputs) return fmt::format("{} in", terminal_name(TerminalId(link.value - outputs)));
  const Port port = link.value % radix_;
  if (port < first_terminal_port) return router_name(RouterId(link.value / radix_)) + " " + directions[port];
  const std::uint32_t terminal = terminal_at(static_cast<std::uint32_t>(link.value));
  return terminal == none ? "unused" : terminal_name(TerminalId(terminal)) + " out";
}

}  // namespace loopsim
