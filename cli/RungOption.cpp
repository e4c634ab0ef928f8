#include "cli/RungOption.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "arch/FidelityName.hpp"
#include "base/Diagnostics.hpp"

namespace loopsim {
namespace {

/// Empty if good.
std::string names_a_rung(const std::string& word) {
  if (find_fidelity(word)) return "";
  return fmt::format(
      "there is no rung '{}'{} ('dram' simulates main memory's commands, 'glb' banks besides, 'noc' the "
      "network besides)",
      word, did_you_mean(word, {fidelity_names().begin(), fidelity_names().end()}));
}

/// The rungs that add an effect to the one below.
std::vector<std::string> effect_names() {
  std::vector<std::string> names;
  for (const Fidelity rung : all_rungs()) {
    if (rung != Fidelity::ideal) names.emplace_back(fidelity_word(rung));
  }
  return names;
}

/// "full" is a rung of many effects.
std::string names_an_effect(const std::string& word) {
  const auto rung = find_fidelity(word);
  if (rung && *rung != Fidelity::ideal && word == fidelity_word(*rung)) return "";
  return fmt::format("'{}' is no rung that adds an effect; expected one of: {}", word, fmt::join(effect_names(), ", "));
}

}  // namespace

CLI::Option* add_only_option(CLI::App& command, std::string& only, const std::string& meaning) {
  return command.add_option("--only", only, fmt::format("{}: {}", meaning, fmt::join(effect_names(), ", ")))
      ->type_name("RUNG")
      ->check(names_an_effect);
}

CLI::Option* add_fidelity_option(CLI::App& command, std::string& fidelity) {
  const std::string rungs =
      fmt::format("Detail of the model: {}; default: as the inputs say", fmt::join(fidelity_names(), ", "));
  return command.add_option("--fidelity", fidelity, rungs)->type_name("RUNG")->check(names_a_rung);
}

}  // namespace loopsim
