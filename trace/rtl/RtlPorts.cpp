#include "trace/rtl/RtlPorts.hpp"

#include <cmath>

#include "sim/dram/ObservedDram.hpp"

namespace loopsim {

namespace {

std::int64_t per_kilocycle(double bits_per_second, Picoseconds period) {
  return static_cast<std::int64_t>(std::ceil(bits_per_second * static_cast<double>(period.value) * 1e-9));
}

double peak_rate(const DramMemory& memory) {
  const DramPart& part = memory.part();
  const double bursts =
      static_cast<double>(part.clock_hz) / static_cast<double>(part.organisation.burst_cycles().value);
  return bursts * 8.0 * static_cast<double>(memory.burst_bytes()) * static_cast<double>(memory.channels().size());
}

}  // namespace

RtlPorts rtl_ports(const ObservedRun& run) {
  const Architecture& architecture = run.tree->architecture;
  const Picoseconds period = run.clock.period;
  RtlPorts all;
  const auto add = [&](const std::string& name, double bits_per_second) {
    all.ports.push_back({name, per_kilocycle(bits_per_second, period)});
    return all.ports.size() - 1;
  };
  for (std::size_t level = 0; level < architecture.memories.size(); ++level) {
    const MemoryLevel& memory = architecture.memories[level];
    const PortBandwidth& bandwidth = memory.bandwidth;
    const bool dram = level == 0 && run.dram;
    double read = 0, write = 0;
    bool one = dram || memory.banks || bandwidth.unlimited();
    if (dram) {
      read = peak_rate(*run.dram->memory);
    } else if (!memory.banks && !bandwidth.unlimited()) {
      const auto part = [](std::optional<std::int64_t> rate) { return static_cast<double>(rate.value_or(0)); };
      const bool shared_alone = !bandwidth.read && !bandwidth.write;
      const bool separate = level == 0 && architecture.dram.separate_channels;
      const double shared = shared_alone ? part(bandwidth.shared) : std::floor(part(bandwidth.shared) / 2);
      read = part(bandwidth.read) + shared;
      write = part(bandwidth.write) + shared;
      one = (shared_alone && !separate) || read == 0 || write == 0;
      if (one) read = std::max(read, write);
    }
    all.read.push_back(add(memory.name + (one ? "" : " read"), read));
    all.write.push_back(one ? all.read.back() : add(memory.name + " write", write));
  }
  all.first_array = all.ports.size();
  for (const Stage& stage : run.schedule->stages) add("array " + stage.name, 0);
  return all;
}

}  // namespace loopsim
