#pragma once

#include <optional>
#include <string>

#include "models/tree/BoundTree.hpp"
#include "sim/Measurement.hpp"

namespace loopsim {

/// A warning if bank conflicts that other layouts might avoid take more than a twentieth of the cycles: names the
/// tensor whose layout alone costs most of them, and the key. What no layout avoids, as the words of a step fill more
/// lines than there are banks, does not count.
std::optional<std::string> layout_advice(const BoundTree& tree, const Measurement& measurement);

}  // namespace loopsim
