#include "arch/topologies/TopologyTable.hpp"

#include <algorithm>

#include "arch/topologies/MeshTopology.hpp"
#include "arch/topologies/TorusTopology.hpp"

namespace loopsim {

namespace {

template <class Kind>
std::unique_ptr<const Topology> make(std::uint32_t columns, std::uint32_t rows) {
  return std::make_unique<const Kind>(columns, rows);
}

}  // namespace

const std::vector<TopologyKind>& topology_table() {
  static const std::vector<TopologyKind> table = {
      {"mesh", 1, 0.1, make<MeshTopology>},
      // Folded, so that every link is as long as two of a mesh.
      {"torus", 2, 0.15, make<TorusTopology>},
  };
  return table;
}

const TopologyKind* find_topology(std::string_view name) {
  const std::vector<TopologyKind>& all = topology_table();
  const auto found = std::find_if(all.begin(), all.end(), [&](const TopologyKind& kind) { return kind.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace loopsim
