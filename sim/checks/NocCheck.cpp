#include "sim/checks/NocCheck.hpp"

#include <fmt/format.h>

#include "arch/topologies/TopologyTable.hpp"
#include "sim/noc/MeshSettings.hpp"

namespace loopsim {

void report_network(const BoundTree& tree, const MeshUse& use, Diagnostics& diagnostics) {
  const auto& noc = tree.architecture.noc;
  if (!noc || find_topology(noc->topology) == nullptr) return;
  const PeMesh& mesh = tree.architecture.mesh;
  const MeshExtent used = use.below(tree.root());
  const std::int64_t columns = mesh.columns.value_or(used.columns), rows = mesh.rows.value_or(used.rows);
  if (columns <= longest_mesh_side && rows <= longest_mesh_side && columns <= most_mesh_routers / rows) return;
  const char* whose = mesh.columns || mesh.rows ? "the machine has (simulation.pe.mesh)" : "the spatial loops need";
  diagnostics.error(tree.nodes[tree.root()].where,
                    fmt::format("the rung 'noc' simulates a {} of at most {} routers, {} in a row or column; {} {} "
                                "columns x {} rows",
                                noc->topology, most_mesh_routers, longest_mesh_side, whose, columns, rows));
  diagnostics.note({}, "give a smaller mesh, simulation.noc.topology: bus, or a lower rung (--fidelity glb)");
}

}  // namespace loopsim
