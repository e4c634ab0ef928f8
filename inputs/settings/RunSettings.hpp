#pragma once

#include <string>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// What `simulation:` says of a run and not of what is run.
struct RunSettings {
  std::vector<std::string> models;  ///< analytical models to show; none asked for = LoopTree's alone
  SourcePosition models_where;
};

}  // namespace loopsim
