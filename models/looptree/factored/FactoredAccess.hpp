#pragma once

#include <optional>

#include "models/looptree/access/AccessCounts.hpp"
#include "models/looptree/access/AccessPath.hpp"
#include "models/looptree/access/TileLists.hpp"

namespace loopsim {

/// Counts in closed form: the leaf loops are never run through, only the values that each dimension's words take. The
/// same as enumerate_access where it applies; nothing where it does not.
std::optional<AccessCounts> factored_access(const BoundTree& tree, const AccessPath& path, TileLists& tiles,
                                            bool with_series);

}  // namespace loopsim
