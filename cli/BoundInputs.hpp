#pragma once

#include "cli/InputOptions.hpp"
#include "mapping/BoundTree.hpp"
#include "models/AnalyticalModel.hpp"

namespace loopsim {

/// Inputs that were read and bound, with the warnings of both in `inputs.warnings`.
struct BoundInputs {
  Inputs inputs;
  BoundTree tree;
  std::vector<AnalyticalModel> models;  ///< asked for; none in a plain run
};

/// Reads and binds the inputs and shows their warnings. Throws InputError.
BoundInputs bind_inputs(const InputOptions& options);

}  // namespace loopsim
