#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inputs/settings/SimulationKey.hpp"

namespace loopsim {

/// All keys, in the order of the documentation.
const std::vector<SimulationKey>& simulation_keys();

/// "integer", "ideal | bandwidth | …": what to write as the value.
std::string type_text(const SimulationKey& key);

/// The keys that a user may mean: exact paths with or without `simulation.` and with real names in place of NAME, or
/// everything below a path.
std::vector<const SimulationKey*> find_simulation_keys(std::string_view path);

/// A path at its dots.
std::vector<std::string> parts_of(std::string_view path);

/// Whether a part of a key's path is NAME or the like.
bool stands_for_a_name(std::string_view part);

}  // namespace loopsim
