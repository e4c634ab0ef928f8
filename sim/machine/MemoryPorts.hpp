#pragma once

#include <optional>
#include <vector>

#include "arch/Architecture.hpp"
#include "sim/machine/PortCore.hpp"
#include "sim/pe_array/ArrayProgram.hpp"

namespace loopsim {

/// Which server of the port core carries which traffic. Nothing = unlimited.
struct LevelPorts {
  std::optional<ServerIndex> read;
  std::optional<ServerIndex> write;  ///< the same as `read` where one port serves both
};

struct MemoryPorts {
  std::vector<LevelPorts> levels;  ///< by memory level
  std::optional<ServerIndex> bus;  ///< between the levels outside the array and the array
};

/// Sets up the servers of a machine. Read-only and write-only ports are servers of their own; shared ports are one
/// server for both directions, or, beside dedicated ports, half the bandwidth for each.
MemoryPorts make_ports(const Architecture& architecture, PortCore& core);

/// An array's step runs as the port core takes them.
std::vector<PortCore::Run> runs_on(const MemoryPorts& ports, const std::vector<StepRun>& runs);

}  // namespace loopsim
