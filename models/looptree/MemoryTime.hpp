#pragma once

#include <cstdint>

#include "arch/Architecture.hpp"

namespace loopsim {

/// Core cycles in which the ports of one memory instance move that many bits, rounded up; 0 if they are unlimited.
/// Shared ports help the direction that has more to do, or divide themselves so that both end together. A direction
/// without any port costs nothing.
std::int64_t memory_cycles(const PortBandwidth& bandwidth, std::int64_t read_bits, std::int64_t write_bits,
                           std::int64_t clock_hz);

}  // namespace loopsim
