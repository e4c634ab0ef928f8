#pragma once

#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "models/Estimate.hpp"
#include "runs/Ladder.hpp"

namespace loopsim {

/// The ladder for a person: rung by rung its cycles, what it adds, what its effect adds alone, and the causes, largest
/// first. Below it what does not agree (`results`: all simulations), and how many warnings there are. `models`: those
/// that were asked for; their cycles stand below the estimate's.
std::string ladder_table(const BoundTree& tree, const Ladder& ladder, const std::vector<RungResult>& results,
                         const std::vector<Estimate>& models, const Provenance& provenance, std::size_t warnings);

}  // namespace loopsim
