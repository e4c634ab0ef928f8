#include "workloads/Presets.hpp"

#include <algorithm>

namespace loopsim {

std::optional<std::string_view> preset_text(std::string_view name) {
  const auto& all = presets();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Preset& preset) { return preset.name == name; });
  if (found == all.end()) return std::nullopt;
  return found->text;
}

}  // namespace loopsim
