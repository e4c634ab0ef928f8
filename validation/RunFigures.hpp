#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "runs/ForkedTasks.hpp"

namespace loopsim {

/// A mapping to be estimated and simulated.
struct FigureRun {
  std::vector<std::shared_ptr<const SourceText>> inputs;
  std::vector<std::string> overrides;
  std::optional<Fidelity> fidelity;  ///< nothing = the machine's default
  bool simulate = true;
};

/// Figures by name: `estimate.cycles`, `simulation.cycles`, … The list is in docs/validation.md's source, validation/.
using Figures = std::map<std::string, double>;

/// For a process of its own.
ForkedTask figures_task(FigureRun run);

/// What the task of the run called `name` gave. Throws as answer_of (TaskAnswer) does.
Figures figures_from(const ForkedOutcome& outcome, const std::string& name);

}  // namespace loopsim
