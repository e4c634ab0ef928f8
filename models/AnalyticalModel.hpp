#pragma once

#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "models/Estimate.hpp"

namespace loopsim {

/// One opinion of what a mapping costs. Models know nothing of each other and of the simulation.
struct AnalyticalModel {
  std::string name;                      ///< as in `simulation.models`: "looptree"
  std::vector<std::string> assumptions;  ///< what is left out or simplified, a clause each
  /// Fills in what the model knows, with an entry of `levels` for each memory; name and assumptions are added by
  /// evaluate().
  Estimate (*figures)(const BoundTree& tree);
};

Estimate evaluate(const AnalyticalModel& model, const BoundTree& tree);

}  // namespace loopsim
