#include "inputs/settings/NocChange.hpp"

#include <fmt/format.h>

#include "arch/topologies/TopologyTable.hpp"

namespace loopsim {

void finish_network(const NocChange& change, NocSettings& noc, Diagnostics& diagnostics) {
  const TopologyKind* const kind = find_topology(noc.topology);
  if (kind == nullptr) return;
  if (change.topology_given && !change.hop_energy_given) noc.hop_pj_per_bit = kind->hop_pj_per_bit;
  if (change.topology_given && !change.channels_where) {
    noc.virtual_channels = NocSettings().virtual_channels * kind->channel_classes;
  }
  if (!change.channels_where || noc.virtual_channels >= kind->channel_classes) return;
  diagnostics.error(*change.channels_where,
                    fmt::format("a {} needs at least {} virtual channels on each link, so that packets cannot wait "
                                "for each other in a circle; simulation.noc.virtual_channels is {}",
                                kind->name, kind->channel_classes, noc.virtual_channels));
}

}  // namespace loopsim
