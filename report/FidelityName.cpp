#include "report/FidelityName.hpp"

#include "arch/ArchitectureSettings.hpp"

namespace loopsim {
namespace {

constexpr Fidelity rungs[] = {Fidelity::ideal, Fidelity::bandwidth, Fidelity::dram, Fidelity::glb, Fidelity::noc};
constexpr std::string_view highest_rung = "full";

}  // namespace

std::optional<Fidelity> find_fidelity(std::string_view name) {
  if (name == highest_rung) return Fidelity::noc;
  for (Fidelity rung : rungs) {
    if (name == fidelity_word(rung)) return rung;
  }
  return std::nullopt;
}

std::vector<std::string> fidelity_names() {
  std::vector<std::string> names;
  for (Fidelity rung : rungs) names.emplace_back(fidelity_word(rung));
  names.emplace_back(highest_rung);
  return names;
}

}  // namespace loopsim
