#pragma once

#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "sim/attribution/Measurement.hpp"
#include "sim/machine/Machine.hpp"

namespace loopsim {

/// Names what the steps of a stage waited for, in whole cycles that sum to the stage's stalls. `waits`: by WaitId.
void add_step_details(const BoundTree& tree, const Machine& machine, const std::vector<Picoseconds>& waits,
                      StageAccount& account);

/// Complains if the finer causes of main memory, buffer and network do not sum to the stage's stalls.
void check_details(const StageAccount& account, std::vector<std::string>& errors);

}  // namespace loopsim
