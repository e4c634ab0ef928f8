#pragma once

#include <optional>

#include "sim/dram/DramMemory.hpp"
#include "sim/dram/DramTrace.hpp"

namespace loopsim {

/// Plays a trace in its order, at most one request a clock cycle; one that finds no room holds up those behind it.
/// Request i is offered at cycle `gap` · i if there is a gap, else at its own cycle (DRAMsim3), else as soon as the one
/// before was accepted. Ends when all data were moved.
void play_dram_trace(DramMemory& memory, const DramTrace& trace, std::optional<DramCycles> gap);

}  // namespace loopsim
