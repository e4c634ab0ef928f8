#pragma once

#include <cstdint>
#include <optional>

#include "arch/dram/DramPart.hpp"
#include "mapping/BoundTree.hpp"

namespace loopsim {

/// What of `simulation.dram` does not go together, as errors where it stands; as warnings, tensors that are more than
/// the memory holds or that leave channels unused, and a part whose peak is not the bandwidth that the machine states
/// for the level.
void report_dram(const BoundTree& tree, Diagnostics& diagnostics);

/// Bits a second that the machine states for main memory, both directions together; nothing if it is unlimited.
std::optional<double> stated_bandwidth(const Architecture& architecture);

/// Bits a second that the data lines of a part carry at most.
double peak_bandwidth(const DramPart& part, std::int64_t channels);

}  // namespace loopsim
