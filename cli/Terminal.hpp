#pragma once

#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// Colour where standard error is a terminal that has it and NO_COLOR is not set.
bool colour_on_stderr();

void print_diagnostics(const std::vector<Diagnostic>& diagnostics);

}  // namespace loopsim
