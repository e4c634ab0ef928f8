#pragma once

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `systolic`: points of the laws of two arrays in RTL, as machines and loop trees. Throws InputError.
ValidationPlan plan_systolic_laws(const ValidationCase& c);

}  // namespace loopsim
