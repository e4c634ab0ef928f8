// Routers and sources have memory from the first packet on whose way they are: a large mesh of which little is used is
// small.
#include <algorithm>

#include "sim/noc/Mesh.hpp"

namespace loopsim {

std::uint32_t Mesh::place_of(RouterId router) {
  const auto [known, added] = places_.emplace(router.value, static_cast<std::uint32_t>(routers_.size()));
  const std::uint32_t place = known->second;
  if (!added) return place;
  routers_.push_back(router);
  const std::size_t ports = routers_.size() * radix_;
  input_vcs_.resize(ports * vcs_);
  input_ports_.resize(ports);
  accept_pointers_.resize(ports * vcs_);
  branches_.resize(ports * radix_);
  Output output;
  output.free_vcs = first_bits(vcs_);
  outputs_.resize(ports, output);
  OutputVc output_vc;
  output_vc.credits = depth_;
  output_vcs_.resize(ports * vcs_, output_vc);
  wants_vc_.resize(ports * radix_);
  wants_switch_.resize(ports * radix_);
  busy_outputs_.resize(routers_.size());
  router_active_.resize(routers_.size());
  open_joins_.resize(routers_.size());
  watch_.touched.resize(routers_.size());
  links_.resize(ports);
  opposite_.resize(ports, none);
  terminal_at_.resize(ports, none);
  source_at_.resize(ports, none);
  const Topology& topology = map_.topology();
  for (Port port = 0; port < map_.first_terminal_port(); ++port) {
    const auto next = topology.neighbour(router, port);
    const auto there = next ? places_.find(next->router.value) : places_.end();
    if (there == places_.end()) continue;
    const std::uint32_t here = place * radix_ + port, beyond = there->second * radix_ + next->port;
    opposite_[here] = beyond;
    opposite_[beyond] = here;
  }
  for (Port port = map_.first_terminal_port(); port < radix_; ++port) {
    terminal_at_[place * radix_ + port] = map_.terminal_at(router.value * radix_ + port);
  }
  return place;
}

std::uint32_t Mesh::source_of(TerminalId terminal) {
  const auto [known, added] = source_places_.emplace(terminal.value, static_cast<std::uint32_t>(sources_.size()));
  if (!added) return known->second;
  Source source;
  source.terminal = terminal;
  source.input = place_of(map_.router_of(terminal)) * radix_ + map_.port_of(terminal);
  source.vc = vcs_ - 1;
  source_at_[source.input] = known->second;
  sources_.push_back(std::move(source));
  source_credits_.resize(sources_.size() * vcs_, depth_);
  return known->second;
}

/// Of all routers on the packet's way and of its sources.
void Mesh::make_places(const Packet& packet, const RouteTree* tree) {
  if (tree == nullptr) {
    RouterId at = map_.router_of(packet.root);
    const RouterId last = map_.router_of(packet.leaves.front());
    place_of(at);
    while (at != last) {
      at = map_.topology().neighbour(at, map_.topology().route(at, last))->router;
      place_of(at);
    }
  } else {
    for (const RouteTree::Node& node : tree->nodes) place_of(node.router);
  }
  if (packet.kind == PacketKind::copy) {
    source_of(packet.root);
  } else {
    for (const TerminalId leaf : packet.leaves) source_of(leaf);
  }
}

LinkId Mesh::link_of(std::uint32_t router_output) const {
  return LinkId(std::size_t{routers_[router_output / radix_].value} * radix_ + router_output % radix_);
}

std::vector<std::pair<LinkId, LinkCounters>> Mesh::links() const {
  std::vector<std::pair<LinkId, LinkCounters>> links;
  for (std::uint32_t output = 0; output < links_.size(); ++output) {
    if (opposite_[output] == none && terminal_at_[output] == none) continue;
    links.emplace_back(link_of(output), links_[output]);
  }
  for (const Source& source : sources_) links.emplace_back(map_.injection_link(source.terminal), source.link);
  std::sort(links.begin(), links.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return links;
}

}  // namespace loopsim
