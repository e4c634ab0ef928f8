#include "sim/checks/DramCheck.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>

#include "arch/BoundlessRate.hpp"
#include "sim/dram/JedecDram.hpp"

namespace loopsim {

namespace {

constexpr double largest_difference = 0.1;

void report_peak(const Architecture& architecture, const DramMemory& memory, Diagnostics& diagnostics) {
  const std::optional<double> stated = stated_bandwidth(architecture);
  if (!stated) return;
  const DramPart& part = memory.part();
  const double peak = peak_bandwidth(part, static_cast<std::int64_t>(memory.channels().size()));
  if (std::abs(peak - *stated) <= largest_difference * *stated) return;
  constexpr double bits_in_gigabyte = 8e9;
  const auto count = memory.channels().size();
  diagnostics.warning(
      architecture.dram.part_where,
      fmt::format("{} channel{} of {} move{} {:.1f} GB/s at most, but the bandwidth of '{}' is {:.1f} "
                  "GB/s; see simulation.dram.part and simulation.dram.channels",
                  count, count == 1 ? "" : "s", part.name, count == 1 ? "s" : "", peak / bits_in_gigabyte,
                  architecture.memories.front().name, *stated / bits_in_gigabyte));
}

/// Where the field of the channel is far up, tensors that fill a part of the memory use some of the channels only.
/// `end`: bytes from address 0 on that are used.
void report_unused_channels(const DramSettings& settings, const DramMemory& memory, std::uint64_t end,
                            Diagnostics& diagnostics) {
  const std::uint64_t channels = memory.channels().size();
  std::uint64_t in_a_row = static_cast<std::uint64_t>(memory.burst_bytes());
  while (in_a_row < end && memory.channel_of(in_a_row) == memory.channel_of(0)) in_a_row *= 2;
  const std::uint64_t used = std::max<std::uint64_t>(1, (end + in_a_row - 1) / in_a_row);
  if (used >= channels) return;
  diagnostics.warning(settings.mapping_where,
                      fmt::format("the tensors lie in {} of {} channels; simulation.dram.mapping spreads them where "
                                  "it names 'channel' further right than '{}'",
                                  used, channels, settings.mapping));
}

}  // namespace

std::optional<double> stated_bandwidth(const Architecture& architecture) {
  const PortBandwidth& ports = architecture.memories.front().bandwidth;
  const bool doubled = architecture.dram.separate_channels && !ports.read && !ports.write;
  std::int64_t sum = 0;
  for (const std::optional<std::int64_t>& port :
       {ports.read, ports.write, ports.shared, doubled ? ports.shared : std::nullopt}) {
    if (!port) continue;
    if (*port >= boundless_bits_per_second) return std::nullopt;
    sum += *port;
  }
  if (sum == 0) return std::nullopt;
  return static_cast<double>(sum);
}

double peak_bandwidth(const DramPart& part, std::int64_t channels) {
  return static_cast<double>(part.organisation.width_bits * part.organisation.beats_per_clock) *
         static_cast<double>(part.clock_hz) * static_cast<double>(channels);
}

void report_dram(const BoundTree& tree, Diagnostics& diagnostics) {
  const DramSettings& settings = tree.architecture.dram;
  try {
    const DramMemory memory = make_dram_memory(tree.architecture);
    report_peak(tree.architecture, memory, diagnostics);
    std::int64_t end = 0;
    for (const auto& tensor : place_tensors(tree, memory.row_bytes())) {
      if (tensor) end = static_cast<std::int64_t>(tensor->first_byte) + tensor->bytes();
    }
    report_unused_channels(settings, memory, static_cast<std::uint64_t>(end), diagnostics);
    if (static_cast<std::uint64_t>(end) > memory.capacity_bytes()) {
      diagnostics.warning(settings.part_where,
                          fmt::format("the tensors take {} bytes, the DRAM has {}; addresses beyond wrap around", end,
                                      memory.capacity_bytes()));
    }
  } catch (const InputError& error) {
    for (const Diagnostic& item : error.diagnostics.all()) {
      const bool in_mapping = item.where.source && item.where.source->name == "mapping";
      diagnostics.error(in_mapping ? settings.mapping_where : settings.part_where,
                        (in_mapping ? "simulation.dram.mapping: " : "simulation.dram: ") + item.message);
    }
  }
}

}  // namespace loopsim
