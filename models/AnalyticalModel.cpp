#include "models/AnalyticalModel.hpp"

#include <utility>

namespace loopsim {

Estimate evaluate(const AnalyticalModel& model, const BoundTree& tree) {
  Estimate estimate = model.figures(tree);
  estimate.model = model.name;
  estimate.assumptions = model.assumptions;
  // A model that knows nothing of memories need not name them.
  while (estimate.levels.size() < tree.architecture.memories.size()) estimate.levels.push_back({});
  return estimate;
}

}  // namespace loopsim
