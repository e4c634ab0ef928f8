#pragma once

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `contention`: every workload of a list, fused and layer by layer, with its own data layout and with a bad one,
/// on every machine of a list: how many cycles the estimate misses at full fidelity, and for which causes. Throws
/// InputError.
ValidationPlan plan_contention_rows(const ValidationCase& c);

}  // namespace loopsim
