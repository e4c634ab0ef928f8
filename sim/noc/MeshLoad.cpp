#include "sim/noc/MeshLoad.hpp"

#include "sim/noc/RouterMap.hpp"

namespace loopsim {

MeshLoad mesh_load(const MeshSettings& settings, std::size_t buffer_ports, std::size_t side_ports,
                   const std::vector<std::pair<LinkId, std::int64_t>>& flits_of_link) {
  const RouterMap mesh(settings);
  MeshLoad load;
  load.columns = settings.width;
  load.rows = settings.height;
  for (auto* links : {&load.east, &load.west, &load.south, &load.north, &load.node_in, &load.node_out}) {
    links->resize(mesh.routers());
  }
  for (std::size_t port = 0; port < settings.ports.size(); ++port) {
    const auto router = static_cast<std::int64_t>(settings.ports[port].value);
    if (port >= buffer_ports && port < buffer_ports + side_ports) {
      load.side_ports.push_back({router / settings.width, 0, 0});
    } else {
      (port < buffer_ports ? load.buffer_ports : load.dram_ports).push_back({router % settings.width, 0, 0});
    }
  }
  const auto count_at = [&](std::uint32_t terminal, bool in, std::int64_t flits) {
    if (terminal < mesh.routers()) {
      (in ? load.node_in : load.node_out)[terminal] += flits;
      return;
    }
    std::size_t number = terminal - mesh.routers();
    for (std::vector<MeshLoad::Port>* edge : {&load.buffer_ports, &load.side_ports, &load.dram_ports}) {
      if (number >= edge->size()) {
        number -= edge->size();
        continue;
      }
      (in ? (*edge)[number].in : (*edge)[number].out) += flits;
      return;
    }
  };
  const std::uint32_t outputs = mesh.routers() * mesh.radix();
  std::vector<std::int64_t>* const directions[] = {&load.east, &load.west, &load.south, &load.north};
  for (const auto& [link, flits] : flits_of_link) {
    const auto number = static_cast<std::uint32_t>(link.value);
    if (number >= outputs) {
      count_at(number - outputs, true, flits);
    } else if (const Port port = number % mesh.radix(); port >= mesh.first_terminal_port()) {
      count_at(mesh.terminal_at(number), false, flits);
    } else {
      (*directions[port])[number / mesh.radix()] += flits;
    }
  }
  return load;
}

}  // namespace loopsim
