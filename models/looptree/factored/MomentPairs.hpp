#pragma once

#include <vector>

#include "models/looptree/factored/FactoredWords.hpp"

namespace loopsim {

/// A moment of a factor and the one before it.
struct MomentPair {
  std::size_t now = 0;  ///< into FactorTable::times
  std::size_t before = 0;
};

/// The moments of one factor that are the first of a new iteration of the leaf loop `advanced`, each with the moment
/// before. Between the two, loops around `advanced` stand still and loops inside it go from their last iteration to
/// their first, so the pairs of the factors are independent of each other: R5's predecessor is any combination.
std::vector<MomentPair> moment_pairs(const FactoredWords& words, std::size_t factor, const FactorTable& table,
                                     LoopPlace advanced);

}  // namespace loopsim
