#include "arch/FidelityName.hpp"

#include <fmt/format.h>

namespace loopsim {

namespace {

struct Rung {
  Fidelity fidelity;
  const char* name;
  bool modelled;
};

/// The ladder, lowest rung first. A rung keeps those before it, so that one is modelled only if they are.
constexpr Rung rungs[] = {
    {Fidelity::ideal, "ideal", true}, {Fidelity::bandwidth, "bandwidth", true},
    {Fidelity::dram, "dram", true},   {Fidelity::glb, "glb", true},
    {Fidelity::noc, "noc", true},
};
constexpr Fidelity highest = Fidelity::noc;
constexpr std::string_view highest_name = "full";

const Rung& rung_of(Fidelity fidelity) {
  return rungs[static_cast<std::size_t>(fidelity)];
}

}  // namespace

const char* fidelity_word(Fidelity fidelity) {
  return rung_of(fidelity).name;
}

std::optional<Fidelity> find_fidelity(std::string_view name) {
  if (name == highest_name) return highest;
  for (const Rung& rung : rungs) {
    if (name == rung.name) return rung.fidelity;
  }
  return std::nullopt;
}

bool is_modelled(Fidelity fidelity) {
  return rung_of(fidelity).modelled;
}

std::vector<Fidelity> modelled_rungs() {
  std::vector<Fidelity> modelled;
  for (const Rung& rung : rungs) {
    if (rung.modelled) modelled.push_back(rung.fidelity);
  }
  return modelled;
}

const std::vector<std::string_view>& fidelity_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Rung& rung : rungs) all.emplace_back(rung.name);
    all.push_back(highest_name);
    return all;
  }();
  return names;
}

std::vector<std::string> modelled_fidelity_names() {
  std::vector<std::string> names;
  for (const std::string_view name : fidelity_names()) {
    if (is_modelled(*find_fidelity(name))) names.emplace_back(name);
  }
  return names;
}

std::string not_modelled_message(std::string_view name) {
  const char* up_to = "";
  for (const Rung& rung : rungs) {
    if (rung.modelled) up_to = rung.name;
  }
  return fmt::format("fidelity '{}' is not available: this build models up to '{}'", name, up_to);
}

}  // namespace loopsim
