#pragma once

#include "models/looptree/factored/FactoredWords.hpp"

namespace loopsim {

/// R5: drops the innermost indices of time, leaf loops before outer ones, that the words do not depend on. False where
/// that cannot be told from the factors (instances come and go, and padding hides the difference).
bool drop_idle_time(const BoundTree& tree, FactoredWords& words);

}  // namespace loopsim
