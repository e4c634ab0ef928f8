#pragma once

#include <vector>

#include "runs/Ladder.hpp"

namespace loopsim::test {

/// Three rungs above an estimate of 1,000 cycles: memory time taken out, DRAM stalls, part of them gone again.
std::vector<RungResult> sample_rungs();

/// With the third rung's effect alone.
Ladder sample_ladder();

}  // namespace loopsim::test
