#include "sim/machine/MemoryPorts.hpp"

namespace loopsim {

MemoryPorts make_ports(const Architecture& architecture, PortCore& core) {
  MemoryPorts ports;
  for (std::size_t level = 0; level < architecture.memories.size(); ++level) {
    const MemoryLevel& memory = architecture.memories[level];
    const PortBandwidth& bandwidth = memory.bandwidth;
    const StallCause cause = level == 0 ? StallCause::dram : StallCause::glb;
    LevelPorts level_ports;
    if (!bandwidth.unlimited()) {
      if (!bandwidth.read && !bandwidth.write) {
        level_ports.read = core.add_server(*bandwidth.shared, cause);
        level_ports.write = level == 0 && architecture.dram.separate_channels
                                ? core.add_server(*bandwidth.shared, cause)
                                : *level_ports.read;
      } else {
        const std::int64_t half = bandwidth.shared.value_or(0) / 2;
        const std::int64_t read = bandwidth.read.value_or(0) + half;
        const std::int64_t write = bandwidth.write.value_or(0) + half;
        if (read > 0) level_ports.read = core.add_server(read, cause);
        if (write > 0) level_ports.write = core.add_server(write, cause);
        // One direction without any port: both share what there is.
        if (!level_ports.read) level_ports.read = level_ports.write;
        if (!level_ports.write) level_ports.write = level_ports.read;
      }
    }
    ports.levels.push_back(level_ports);
  }
  if (architecture.bus.bits_per_second) ports.bus = core.add_server(*architecture.bus.bits_per_second, StallCause::noc);
  return ports;
}

std::vector<PortCore::Run> runs_on(const MemoryPorts& ports, const std::vector<StepRun>& runs) {
  std::vector<PortCore::Run> result;
  result.reserve(runs.size());
  for (const StepRun& run : runs) {
    PortCore::Run out;
    out.steps = run.steps;
    out.cycles = run.cycles_per_step;
    std::int64_t total = 0;
    const auto demand = [&](std::optional<ServerIndex> server, std::int64_t bits) {
      total += bits;
      if (!server || bits == 0) return;
      for (PortCore::Demand& same : out.demands) {
        if (same.server == *server) {
          same.bits += bits;
          return;
        }
      }
      out.demands.push_back({*server, bits});
    };
    for (std::size_t level = 0; level < ports.levels.size(); ++level) {
      if (level < run.read_bits.size()) demand(ports.levels[level].read, run.read_bits[level]);
      if (level < run.write_bits.size()) demand(ports.levels[level].write, run.write_bits[level]);
    }
    if (ports.bus && total > 0) out.demands.push_back({*ports.bus, total});
    result.push_back(std::move(out));
  }
  return result;
}

}  // namespace loopsim
