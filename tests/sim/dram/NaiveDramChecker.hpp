#pragma once

#include <string>
#include <vector>

#include "arch/dram/DramPart.hpp"
#include "sim/dram/DramChannel.hpp"

namespace loopsim {

/// Checks a recorded sequence of commands against a part, looking back over all commands for each: the times of the
/// table, one command a clock on each bus, and that rows are open or closed as the command needs it. Returns what is
/// wrong first, or nothing.
std::string fault_of(const std::vector<DramCommandRecord>& commands, const DramPart& part,
                     const DramGeometry& geometry);

}  // namespace loopsim
