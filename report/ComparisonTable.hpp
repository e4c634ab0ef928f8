#pragma once

#include <cstdint>

#include "comparison/Comparison.hpp"
#include "mapping/BoundTree.hpp"
#include "report/TableLines.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// The steps from the estimated to the simulated cycles, one a line; below a wait, the ports that are too slow.
void add_bridge(TableLines& lines, const Comparison& comparison, std::int64_t estimate, const Measurement& measurement);

/// How many metrics agree, what explains the differences (energy, then space and words memory by memory, private
/// buffers in one), and every metric that nothing explains. `all`: every metric that differs, too.
void add_comparison(TableLines& lines, const BoundTree& tree, const Comparison& comparison, bool all);

}  // namespace loopsim
