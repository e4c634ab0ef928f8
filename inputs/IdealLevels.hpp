#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "mapping/LoopTree.hpp"

namespace loopsim {

/// How many levels the ideal machine needs for a mapping, the compute level included: the highest number that targets
/// or bindings use is the compute level, and whatever stores lies above it.
std::size_t ideal_level_count(const LoopTree& tree, const std::map<int, std::string>& bindings);

}  // namespace loopsim
