#pragma once

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "inputs/settings/LevelChange.hpp"
#include "inputs/settings/NocChange.hpp"
#include "inputs/settings/RunSettings.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// What a setting is applied to. A key's row uses what its owner has: `run`; `machine` and `noc_change`; `machine` and
/// `change`; `graph` and `tensor` or `einsum`. The rest is null.
struct SettingTarget {
  Diagnostics& diagnostics;
  RunSettings* run = nullptr;
  Architecture* machine = nullptr;
  NocChange* noc_change = nullptr;
  LevelChange* change = nullptr;
  EinsumGraph* graph = nullptr;
  Tensor* tensor = nullptr;
  Einsum* einsum = nullptr;
};

/// Where a setting's value is read back from, likewise.
struct SettingSource {
  const RunSettings* run = nullptr;
  const Architecture* machine = nullptr;
  const MemoryLevel* level = nullptr;
  const Tensor* tensor = nullptr;
  const Einsum* einsum = nullptr;
};

}  // namespace loopsim
