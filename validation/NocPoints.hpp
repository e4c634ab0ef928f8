#pragma once

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `noc_points`: a mesh alone, under random traffic beside reference figures and under fixed traffic beside laws.
/// Throws InputError.
ValidationPlan plan_noc_points(const ValidationCase& c);

}  // namespace loopsim
