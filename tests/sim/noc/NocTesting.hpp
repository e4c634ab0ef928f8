#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "arch/topologies/TopologyTable.hpp"
#include "sim/noc/Interconnect.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

inline MeshSettings mesh_of(std::int64_t width, std::int64_t height, std::int64_t vcs) {
  MeshSettings settings;
  settings.width = width;
  settings.height = height;
  settings.vcs = vcs;
  return settings;
}

/// At least as many channels as it needs.
inline MeshSettings network_of(const std::string& topology, std::int64_t width, std::int64_t height, std::int64_t vcs) {
  const std::int64_t least = find_topology(topology)->channel_classes;
  MeshSettings settings = mesh_of(width, height, std::max(vcs, least));
  settings.topology = topology;
  return settings;
}

inline MeshSettings torus_of(std::int64_t width, std::int64_t height, std::int64_t vcs) {
  MeshSettings settings = mesh_of(width, height, vcs);
  settings.topology = "torus";
  return settings;
}

inline std::vector<TerminalId> terminals(std::initializer_list<std::uint32_t> numbers) {
  std::vector<TerminalId> result;
  for (const std::uint32_t number : numbers) result.emplace_back(number);
  return result;
}

inline std::vector<TerminalId> first_terminals(std::int64_t count) {
  std::vector<TerminalId> result;
  for (std::int64_t i = 0; i < count; ++i) result.emplace_back(static_cast<std::size_t>(i));
  return result;
}

inline Packet copy_to(std::uint32_t from, std::vector<TerminalId> to, std::int64_t flits, std::int64_t tag = 0) {
  return {PacketKind::copy, TerminalId(from), std::move(to), flits, PacketTag(tag)};
}

inline Packet sum_of(std::vector<TerminalId> from, std::uint32_t to, std::int64_t flits, std::int64_t tag = 0) {
  return {PacketKind::sum, TerminalId(to), std::move(from), flits, PacketTag(tag)};
}

/// All arrivals until nothing is under way, in order of time, tag and destination.
inline NocArrivals run_out(Interconnect& network) {
  NocArrivals arrivals;
  Cycle at;
  while (const auto next = network.next_event()) {
    at = std::max(at, *next);
    network.advance(at, arrivals);
  }
  std::sort(arrivals.deliveries.begin(), arrivals.deliveries.end(), [](const Delivery& a, const Delivery& b) {
    return std::tuple(a.arrived, a.tag, a.destination) < std::tuple(b.arrived, b.tag, b.destination);
  });
  return arrivals;
}

inline Cycle last_arrival(const NocArrivals& arrivals) {
  Cycle last;
  for (const Delivery& delivery : arrivals.deliveries) last = std::max(last, delivery.arrived);
  for (const TrainCompletion& train : arrivals.trains) last = std::max(last, train.last);
  return last;
}

}  // namespace loopsim
