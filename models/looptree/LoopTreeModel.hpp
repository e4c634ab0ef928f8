#pragma once

#include "models/AnalyticalModel.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"

namespace loopsim {

/// LoopTree's model as one of several.
AnalyticalModel looptree_model();

/// What LoopTree's own figures are in the words that all models share.
Estimate shared_figures(const LoopTreeEstimate& estimate);

}  // namespace loopsim
