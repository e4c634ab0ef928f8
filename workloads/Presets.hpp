#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace loopsim {

/// An input that ships inside the program.
struct Preset {
  std::string_view name;     ///< "edge", "resnet18_block/fused"
  std::string_view kind;     ///< "workload" (problem, mapping and their extras) or "machine"
  std::string_view summary;  ///< the first line of the text, without the comment mark
  std::string_view text;     ///< YAML
};

/// All presets: machines, then workloads, each by name.
const std::vector<Preset>& presets();

/// The text of the preset of that name.
std::optional<std::string_view> preset_text(std::string_view name);

}  // namespace loopsim
