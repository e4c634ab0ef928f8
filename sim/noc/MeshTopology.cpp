#include "sim/noc/MeshTopology.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <stdexcept>

namespace loopsim {

namespace {

void check(const MeshSettings& settings) {
  const RouterDelays& d = settings.delays;
  const auto require = [](bool good, const char* what) {
    if (!good) throw std::invalid_argument(what);
  };
  require(settings.width > 0 && settings.height > 0, "a mesh needs at least one column and one row");
  require(settings.width <= 4096 && settings.height <= 4096 && settings.width * settings.height <= 65536,
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
  std::vector<Port> next_port(routers(), first_terminal_port);
  const auto attach = [&](RouterId router) {
    if (router.value >= routers()) throw std::invalid_argument("a terminal needs a router of the mesh");
    terminals_.push_back({router, next_port[router.value]++});
  };
  for (std::uint32_t r = 0; r < routers(); ++r) attach(RouterId(r));
  for (const RouterId router : settings.ports) attach(router);
  radix_ = *std::max_element(next_port.begin(), next_port.end());
  if (radix_ > 64) throw std::invalid_argument("a router has at most 60 terminals");

  opposite_.assign(std::size_t{routers()} * radix_, none);
  terminal_at_.assign(opposite_.size(), none);
  const auto join = [&](std::uint32_t a, Port from_a, std::uint32_t b, Port from_b) {
    opposite_[a * radix_ + from_a] = b * radix_ + from_b;
    opposite_[b * radix_ + from_b] = a * radix_ + from_a;
  };
  for (std::uint32_t r = 0; r < routers(); ++r) {
    if (r % width_ + 1 < width_) join(r, east, r + 1, west);
    if (r + width_ < routers()) join(r, south, r + width_, north);
  }
  for (std::uint32_t t = 0; t < terminals(); ++t) {
    terminal_at_[terminals_[t].router.value * radix_ + terminals_[t].port] = t;
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
  const std::uint32_t terminal = terminal_at_[link.value];
  return terminal == none ? "unused" : terminal_name(TerminalId(terminal)) + " out";
}

}  // namespace loopsim
