#pragma once

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `dram_traces`: synthetic request traces on the DRAM model alone, beside reference simulators. Throws
/// InputError.
ValidationPlan plan_dram_traces(const ValidationCase& c);

}  // namespace loopsim
