#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/Architecture.hpp"

namespace loopsim {

/// The rung as `simulation.fidelity` and `--fidelity` name it.
const char* fidelity_word(Fidelity fidelity);

/// The rung of that name; "full" is the highest of the ladder.
std::optional<Fidelity> find_fidelity(std::string_view name);

/// The ladder, lowest rung first.
const std::vector<Fidelity>& all_rungs();

/// Names of all rungs, lowest first, then "full".
const std::vector<std::string_view>& fidelity_names();

}  // namespace loopsim
