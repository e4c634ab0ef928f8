#include "sim/noc/NetworkPorts.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace loopsim {

namespace {

/// Each in the middle of its share of the edge, so that it is the nearest one for as many as the others.
std::vector<std::int64_t> places_of(std::int64_t ports, std::int64_t length) {
  ports = std::min(ports, length);
  std::vector<std::int64_t> places;
  for (std::int64_t port = 0; port < ports; ++port) places.push_back(((2 * port + 1) * length - ports) / (2 * ports));
  return places;
}

std::int64_t between(const std::vector<std::int64_t>& places) {
  const auto [least, most] = std::minmax_element(places.begin(), places.end());
  return *most - *least + 1;
}

}  // namespace

NetworkPorts::NetworkPorts(const NocSettings& settings, MeshExtent mesh)
    : mesh_(mesh),
      top_(places_of(settings.buffer_ports.value_or(mesh.columns), mesh.columns)),
      left_(places_of(settings.side_ports.value_or(mesh.rows), mesh.rows)),
      bottom_(places_of(settings.dram_ports, mesh.columns)) {}

std::int64_t NetworkPorts::terminals() const {
  return nodes() + static_cast<std::int64_t>(top_.size() + left_.size() + bottom_.size());
}

std::vector<RouterId> NetworkPorts::routers() const {
  std::vector<RouterId> routers;
  for (const std::int64_t column : top_) routers.emplace_back(static_cast<std::size_t>(column));
  for (const std::int64_t row : left_) routers.emplace_back(static_cast<std::size_t>(row * mesh_.columns));
  const std::int64_t last_row = (mesh_.rows - 1) * mesh_.columns;
  for (const std::int64_t column : bottom_) routers.emplace_back(static_cast<std::size_t>(last_row + column));
  return routers;
}

std::vector<std::int64_t> NetworkPorts::columns_of(const std::vector<TerminalId>& nodes) const {
  std::vector<std::int64_t> columns;
  for (const TerminalId node : nodes) columns.push_back(node.value % mesh_.columns);
  return columns;
}

std::vector<std::int64_t> NetworkPorts::rows_of(const std::vector<TerminalId>& nodes) const {
  std::vector<std::int64_t> rows;
  for (const TerminalId node : nodes) rows.push_back(node.value / mesh_.columns);
  return rows;
}

PeSpan NetworkPorts::span(const std::vector<TerminalId>& nodes) const {
  return {between(columns_of(nodes)), between(rows_of(nodes))};
}

/// To the median of the places, the lower one of two that are as near.
TerminalId NetworkPorts::nearest(const std::vector<std::int64_t>& ports, std::size_t first,
                                 std::vector<std::int64_t> places) const {
  std::sort(places.begin(), places.end());
  const std::int64_t twice_median = places[(places.size() - 1) / 2] + places[places.size() / 2];
  const auto distance = [&](std::int64_t port) { return std::abs(2 * port - twice_median); };
  const auto port = std::min_element(ports.begin(), ports.end(),
                                     [&](std::int64_t a, std::int64_t b) { return distance(a) < distance(b); });
  return TerminalId(static_cast<std::size_t>(nodes()) + first + static_cast<std::size_t>(port - ports.begin()));
}

TerminalId NetworkPorts::buffer_port(const std::vector<TerminalId>& nodes, PeSpan all) const {
  const PeSpan own = span(nodes);
  const bool from_left = own.columns != own.rows ? own.columns > own.rows : all.rows > all.columns;
  return from_left ? nearest(left_, top_.size(), rows_of(nodes)) : nearest(top_, 0, columns_of(nodes));
}

TerminalId NetworkPorts::dram_port(const std::vector<TerminalId>& nodes) const {
  return nearest(bottom_, top_.size() + left_.size(), columns_of(nodes));
}

std::string NetworkPorts::name(TerminalId terminal) const {
  std::size_t number = terminal.value;
  const auto pes = static_cast<std::size_t>(nodes());
  if (number < pes) {
    const auto columns = static_cast<std::size_t>(mesh_.columns);
    return fmt::format("{}:{}", number % columns, number / columns);
  }
  number -= pes;
  if (number < top_.size()) return fmt::format("buffer{}", number);
  number -= top_.size();
  return number < left_.size() ? fmt::format("side{}", number) : fmt::format("dram{}", number - left_.size());
}

}  // namespace loopsim
