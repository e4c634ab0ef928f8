#pragma once

#include <memory>
#include <vector>

#include "base/Diagnostics.hpp"
#include "report/Progress.hpp"

namespace loopsim {

/// Colour where standard error is a terminal that has it and NO_COLOR is not set.
bool colour_on_stderr();

/// For standard error where that is a terminal that can take a line back; else null.
std::unique_ptr<Progress> progress_on_terminal();

void print_diagnostics(const std::vector<Diagnostic>& diagnostics);

}  // namespace loopsim
