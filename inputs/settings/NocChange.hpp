#pragma once

#include <optional>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {

/// A network while settings are applied to it, in whatever order they come.
struct NocChange {
  bool topology_given = false;
  std::optional<SourcePosition> channels_where;
  bool hop_energy_given = false;
};

/// What follows from all settings of a network together: a topology that is given brings its own defaults, and any
/// needs a virtual channel for each of its classes.
void finish_network(const NocChange& change, NocSettings& noc, Diagnostics& diagnostics);

}  // namespace loopsim
