#pragma once

#include <string>

#include "mapping/BoundTree.hpp"
#include "tests/support/Choices.hpp"

namespace loopsim {

/// Gives a bound tree a random machine that it fits: buffers from exactly the least size upwards, ports of all kinds
/// and widths, latencies, overheads, bursts, prefetch depth, bus, words of several widths.
void randomise_machine(BoundTree& tree, Choices& choices);

std::string describe(const Architecture& architecture);

}  // namespace loopsim
