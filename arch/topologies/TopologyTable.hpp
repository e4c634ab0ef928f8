#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "arch/topologies/Topology.hpp"

namespace loopsim {

/// A topology that networks of routers can have, by the name that the inputs use.
struct TopologyKind {
  std::string_view name;
  std::uint32_t channel_classes = 1;  ///< a link needs a virtual channel for each; has two, unless the inputs say
  /// Of a bit through a router and over the link behind it, unless the inputs say: see docs/noc.md.
  double hop_pj_per_bit = 0;
  std::unique_ptr<const Topology> (*make)(std::uint32_t columns, std::uint32_t rows) = nullptr;
};

/// All topologies, the usual one first.
const std::vector<TopologyKind>& topology_table();

/// Null if there is none of that name.
const TopologyKind* find_topology(std::string_view name);

}  // namespace loopsim
