#include "report/page/MemoryRoof.hpp"

#include <fmt/format.h>

#include "arch/FidelityName.hpp"
#include "arch/dram/DramPartLoader.hpp"
#include "sim/checks/DramCheck.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// The simulation has JEDEC memory.
bool has_dram_part(const Json& stats) {
  return stats.contains("simulation") && !stats["simulation"].at("dram").at("row_hits").is_null();
}

}  // namespace

std::vector<MemoryRoof> memory_roofs(const RunFolder& run, std::string& note) {
  const Architecture& machine = run.tree->architecture;
  const double bits_in_byte = 8;
  const auto clock = static_cast<double>(machine.clock_hz);
  std::vector<MemoryRoof> roofs;
  if (const auto stated = stated_bandwidth(machine)) {
    roofs.push_back({machine.memories.front().name, *stated / bits_in_byte / clock});
  }
  if (!has_dram_part(run.stats)) return roofs;
  const std::string name = dram_part_name(machine);
  try {
    const DramPart part = load_dram_part(name);
    roofs.push_back({fmt::format("{} x {}", machine.dram.channels, part.name),
                     peak_bandwidth(part, machine.dram.channels) / bits_in_byte / clock});
  } catch (const InputError&) {
    note = fmt::format(" The DRAM part '{}' could not be read, so its roof is missing.", name);
  }
  return roofs;
}

}  // namespace loopsim
