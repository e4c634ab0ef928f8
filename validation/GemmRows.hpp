#pragma once

#include <optional>
#include <string>

#include "validation/ValidationCase.hpp"

namespace loopsim {

/// Kind `gemm_rows`: each line of a CSV, one GEMM or two fused ones, as a loop tree on one machine. `data` replaces the
/// case's file. Columns as in validation/data/tileflow; where `rtl_cycles` or the traffic is not there, nothing is
/// compared with it. Throws InputError.
ValidationPlan plan_gemm_rows(const ValidationCase& c, const std::optional<std::string>& data);

}  // namespace loopsim
