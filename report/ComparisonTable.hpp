#pragma once

#include <cstdint>

#include "report/TableLines.hpp"
#include "validation/Comparison.hpp"

namespace loopsim {

/// The steps from the estimated to the simulated cycles, one a line.
void add_bridge(TableLines& lines, const Comparison& comparison, std::int64_t estimate, std::int64_t simulation);

/// How many metrics agree, what each cause explains in total, and every metric that nothing explains.
void add_comparison(TableLines& lines, const Comparison& comparison);

}  // namespace loopsim
