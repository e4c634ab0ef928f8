#pragma once

#include "inputs/settings/KeyGroups.hpp"
#include "inputs/settings/SettingLimits.hpp"
#include "inputs/settings/SettingTarget.hpp"
#include "inputs/settings/WrittenText.hpp"

/// Short names for the files that hold rows of keys, so that a row stays readable.
namespace loopsim::key_rows {

using Type = SimulationValueType;
using Target = SettingTarget;
using Source = SettingSource;
using Setting = SimulationSetting;
using Written = std::optional<WrittenValue>;

}  // namespace loopsim::key_rows
