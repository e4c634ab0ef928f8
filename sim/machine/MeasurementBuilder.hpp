#pragma once

#include "sim/attribution/Measurement.hpp"
#include "sim/checks/FitCheck.hpp"
#include "sim/machine/Machine.hpp"

namespace loopsim {

/// Gathers what a finished machine has counted.
Measurement build_measurement(const BoundTree& tree, const Schedule& schedule, const Requirements& requirements,
                              Machine& machine);

}  // namespace loopsim
