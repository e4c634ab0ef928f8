#pragma once

#include <string_view>
#include <vector>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "inputs/SimulationKeys.hpp"

namespace loopsim {

/// Applies what `simulation:` says about the machine; settings of tensors and einsums are passed over.
void apply_settings(Architecture& architecture, const std::vector<SimulationSetting>& settings,
                    Diagnostics& diagnostics);

/// Whether apply_settings is the one that applies a key.
bool is_architecture_setting(const SimulationKey& key);

}  // namespace loopsim
