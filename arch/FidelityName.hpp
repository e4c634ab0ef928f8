#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/Architecture.hpp"

namespace loopsim {

/// The rung as `simulation.fidelity` and `--fidelity` name it.
const char* fidelity_word(Fidelity fidelity);

/// The rung of that name, modelled or not; "full" is the highest of the ladder.
std::optional<Fidelity> find_fidelity(std::string_view name);

/// Whether this build simulates the rung.
bool is_modelled(Fidelity fidelity);

/// The rungs that this build simulates, lowest first.
std::vector<Fidelity> modelled_rungs();

/// Names of all rungs, lowest first, then "full".
const std::vector<std::string_view>& fidelity_names();

/// Those of them that this build simulates.
std::vector<std::string> modelled_fidelity_names();

/// Why a rung, named as the user did, is refused.
std::string not_modelled_message(std::string_view name);

}  // namespace loopsim
