#include "report/page/CauseStyle.hpp"

#include <utility>

namespace loopsim {

std::string cause_style(std::string_view cause) {
  static constexpr std::pair<std::string_view, std::string_view> styles[] = {
      {"compute", "compute"},
      {"compute_off_path", "compute"},
      {"pipeline_formula", "formula"},
      {"not_memory_bound", "memory"},
      {"memory", "memory"},
      {"ramp", "ramp"},
      {"drain", "drain"},
      {"idle", "idle"},
      {"stall.dram", "dram"},
      {"stall.glb", "glb"},
      {"stall.noc", "noc"},
      {"stall.space", "space"},
      {"stall.writeback", "write"},
      {"stall.dependency", "wait"},
  };
  for (const auto& [name, style] : styles) {
    if (name == cause) return std::string(style);
  }
  return "other";
}

}  // namespace loopsim
