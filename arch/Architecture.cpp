#include "arch/Architecture.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace loopsim {

const std::string& level_name(const Architecture& architecture, LevelId level) {
  if (level.value < architecture.memories.size()) return architecture.memories[level.value].name;
  if (level == architecture.compute_level()) return architecture.compute.name;
  throw std::out_of_range("level_name: no such level");
}

std::string dram_part_name(const Architecture& architecture) {
  if (!architecture.dram.part.empty()) return architecture.dram.part;
  const std::string& type = architecture.memories.front().dram_type;
  if (type == "LPDDR4") return "lpddr4-3200";
  if (type == "LPDDR5") return "lpddr5-6400";
  if (type == "HBM2") return "hbm2-2000";
  return "ddr4-2400-17";
}

Architecture ideal_architecture(std::size_t levels) {
  if (levels < 2) throw std::invalid_argument("ideal_architecture: at least a memory and the compute level");
  Architecture architecture;
  for (std::size_t i = 0; i + 1 < levels; ++i) {
    MemoryLevel memory;
    switch (i) {
      case 0:
        memory.name = "MainMemory";
        break;
      case 1:
        memory.name = "GlobalBuffer";
        break;
      case 2:
        memory.name = "PEBuffer";
        break;
      default:
        memory.name = fmt::format("PEBuffer{}", i);
    }
    memory.kind = i == 0 ? MemoryKind::dram : i == 1 ? MemoryKind::sram : MemoryKind::register_file;
    architecture.memories.push_back(std::move(memory));
  }
  architecture.prefetch = 0;
  return architecture;
}

Effects effects_of(Fidelity rung) {
  Effects effects;
  effects.bandwidth = rung >= Fidelity::bandwidth;
  effects.dram = rung >= Fidelity::dram;
  effects.glb = rung >= Fidelity::glb;
  effects.noc = rung >= Fidelity::noc;
  return effects;
}

Effects only_effect_of(Fidelity rung) {
  Effects effects;
  effects.bandwidth = rung == Fidelity::bandwidth;
  effects.dram = rung == Fidelity::dram;
  effects.glb = rung == Fidelity::glb;
  effects.noc = rung == Fidelity::noc;
  return effects;
}

}  // namespace loopsim
