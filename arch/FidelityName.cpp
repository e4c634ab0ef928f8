#include "arch/FidelityName.hpp"

namespace loopsim {

namespace {

/// In the order of Fidelity.
constexpr const char* words[] = {"ideal", "bandwidth", "dram", "glb", "noc"};
constexpr std::string_view highest_name = "full";

}  // namespace

const char* fidelity_word(Fidelity fidelity) {
  return words[static_cast<std::size_t>(fidelity)];
}

std::optional<Fidelity> find_fidelity(std::string_view name) {
  if (name == highest_name) return all_rungs().back();
  for (const Fidelity rung : all_rungs()) {
    if (name == fidelity_word(rung)) return rung;
  }
  return std::nullopt;
}

const std::vector<Fidelity>& all_rungs() {
  static const std::vector<Fidelity> rungs = {Fidelity::ideal, Fidelity::bandwidth, Fidelity::dram, Fidelity::glb,
                                              Fidelity::noc};
  return rungs;
}

const std::vector<std::string_view>& fidelity_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Fidelity rung : all_rungs()) all.emplace_back(fidelity_word(rung));
    all.push_back(highest_name);
    return all;
  }();
  return names;
}

}  // namespace loopsim
