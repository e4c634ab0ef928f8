#pragma once

#include <string_view>
#include <vector>

#include "arch/Architecture.hpp"
#include "arch/SimulationKeys.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {

/// Stands for "no limit" where ports of another kind are limited: 10^18 bits per second.
constexpr std::int64_t boundless_bits_per_second = 1'000'000'000'000'000'000;

/// Applies what `simulation:` says about the machine; settings of tensors and einsums are passed over.
void apply_settings(Architecture& architecture, const std::vector<SimulationSetting>& settings,
                    Diagnostics& diagnostics);

/// Whether apply_settings is the one that applies a key.
bool is_architecture_setting(const SimulationKey& key);

}  // namespace loopsim
