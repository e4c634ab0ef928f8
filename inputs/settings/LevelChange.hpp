#pragma once

#include <optional>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {

/// A memory while settings are applied to it, in whatever order they come.
struct LevelChange {
  MemoryLevel* level = nullptr;
  bool bandwidth_replaced = false;            ///< one bandwidth given replaces all of the component's
  std::optional<SourcePosition> banks_where;  ///< the first setting of banks
  bool banks_counted = false;                 ///< their number is given
};

/// What follows from all settings of a memory together: what is missing beside a bandwidth for one direction is
/// unlimited, as in Timeloop; banks without a number have no effect.
void finish(const LevelChange& change, const Architecture& machine, Diagnostics& diagnostics);

}  // namespace loopsim
