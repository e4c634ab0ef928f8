#pragma once

#include <string>
#include <vector>

#include "comparison/ComparisonEntry.hpp"
#include "mapping/BoundTree.hpp"
#include "models/Estimate.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

/// One figure of a model beside the simulation's. It is not judged: causes are counted for LoopTree's rules alone, see
/// ComparisonEntry.
struct ModelFigure {
  std::string metric;  ///< "cycles", "energy_pj", "reads:LEVEL", …
  Amount estimate = 0;
  Amount simulation = 0;

  Amount delta() const { return simulation - estimate; }
};

/// Every figure that both the model and the simulation have.
std::vector<ModelFigure> compare_model(const BoundTree& tree, const Estimate& estimate, const Measurement& measurement);

/// A model and what became of its figures.
struct ModelResult {
  Estimate estimate;
  std::vector<ModelFigure> comparison;  ///< empty without a simulation
};

}  // namespace loopsim
