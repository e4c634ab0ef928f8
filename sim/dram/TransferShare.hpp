#pragma once

#include "sim/buffers/Transfer.hpp"
#include "sim/ports/MemoryPorts.hpp"

namespace loopsim {

// A transfer between main memory and a buffer goes burst by burst: `part` of `whole` are the bursts, or bytes, so far.

/// Reads a write's words out of the buffer, up to this part. Returns when they are there.
Picoseconds read_share(Transfer& transfer, std::int64_t part, std::int64_t whole, PortCore& core,
                       const MemoryPorts& ports, Picoseconds now);

/// Notes that main memory has moved so much; a read's words are written into the buffer. Returns when they are through.
Picoseconds move_share(Transfer& transfer, std::int64_t part, std::int64_t whole, PortCore& core,
                       const MemoryPorts& ports, Picoseconds now);

}  // namespace loopsim
