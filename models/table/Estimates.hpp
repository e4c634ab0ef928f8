#pragma once

#include <vector>

#include "models/AnalyticalModel.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"

namespace loopsim {

/// What models say of a mapping.
struct Estimates {
  LoopTreeEstimate looptree;     ///< in full: what every run is compared with
  std::vector<Estimate> chosen;  ///< of the models asked for, in their order; none in a plain run
};

/// `models`: those asked for, each evaluated once.
Estimates estimates_of(const BoundTree& tree, const std::vector<AnalyticalModel>& models);

}  // namespace loopsim
