#pragma once

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `runs`: named runs of mappings, and rows that are arithmetic over their figures: `{fused.simulation.cycles}` is
/// a figure of the run `fused` (see RunFigures). Throws InputError.
ValidationPlan plan_run_rows(const ValidationCase& c);

}  // namespace loopsim
