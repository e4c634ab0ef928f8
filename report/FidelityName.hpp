#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/Architecture.hpp"

namespace loopsim {

/// The rung of that name; "full" is the highest.
std::optional<Fidelity> find_fidelity(std::string_view name);

/// All names, lowest rung first, then "full".
std::vector<std::string> fidelity_names();

}  // namespace loopsim
