#pragma once

#include <memory>
#include <vector>

#include "base/Diagnostics.hpp"
#include "report/Phase.hpp"
#include "runs/Progress.hpp"

namespace loopsim {

/// Colour where standard error is a terminal that has it and NO_COLOR is not set.
bool colour_on_stderr();

/// For standard error where that is a terminal that can take a line back; else null.
std::unique_ptr<Progress> progress_on_terminal();

/// Says what the program is at, likewise; `progress`, if there is one, says more.
std::unique_ptr<Phase> phase_on_terminal(std::string what, const Progress* progress = nullptr);

/// Does the work and says so meanwhile.
template <class Work>
auto during(std::string what, const Work& work) {
  const std::unique_ptr<Phase> phase = phase_on_terminal(std::move(what));
  return work();
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics);

}  // namespace loopsim
