#include "cli/DramReport.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loopsim {
namespace {

double mean(DramCycles sum, std::int64_t count) {
  return count == 0 ? 0 : static_cast<double>(sum.value) / static_cast<double>(count);
}

nlohmann::ordered_json by_cause(const DramLatency& latency, std::int64_t count) {
  nlohmann::ordered_json causes;
  for (std::size_t c = 0; c < dram_cause_count; ++c) {
    const auto cause = static_cast<DramCause>(c);
    causes[std::string(name_of(cause))] = mean(latency[cause], count);
  }
  return causes;
}

std::int64_t bytes_moved(const DramMemory& memory, const DramStatistics& statistics) {
  return (statistics.requests() - statistics.forwarded_reads) * memory.burst_bytes();
}

/// Of what the data lines could have carried.
double share_of_peak(const DramMemory& memory, const DramStatistics& statistics) {
  const auto bursts = static_cast<double>(statistics.requests() - statistics.forwarded_reads);
  const double busy = bursts * static_cast<double>(memory.part().organisation.burst_cycles().value);
  const auto channels = static_cast<double>(memory.channels().size());
  return busy / (static_cast<double>(statistics.elapsed().value) * channels);
}

}  // namespace

std::string dram_json(const DramMemory& memory) {
  const DramStatistics s = memory.statistics();
  const DramPart& part = memory.part();
  nlohmann::ordered_json json;
  json["requests"] = s.requests();
  json["reads"] = s.reads;
  json["writes"] = s.writes;
  json["cycles"] = s.elapsed().value;
  json["avg_read_latency_ns"] = part.nanoseconds(mean(s.read_latency.total(), s.reads));
  json["row_hits"] = s.row_hits;
  json["row_misses"] = s.row_misses;
  json["row_conflicts"] = s.row_conflicts;
  json["refreshes"] = s.refreshes();
  json["bytes"] = bytes_moved(memory, s);
  json["avg_write_latency_ns"] = part.nanoseconds(mean(s.write_latency.total(), s.writes));
  json["forwarded_reads"] = s.forwarded_reads;
  json["share_of_peak_bandwidth"] = share_of_peak(memory, s);
  json["bandwidth_gb_per_s"] =
      static_cast<double>(bytes_moved(memory, s)) / part.nanoseconds(static_cast<double>(s.elapsed().value));
  json["read_latency_cycles"] = by_cause(s.read_latency, s.reads);
  json["write_latency_cycles"] = by_cause(s.write_latency, s.writes);
  json["refresh_blocked_cycles"] = s.refresh_blocked.value;
  json["turnaround_cycles"] = s.turnaround.value;
  json["precharges"] = s.precharges;
  nlohmann::ordered_json commands;
  for (const JedecCommand command : jedec_commands) commands[std::string(name_of(command))] = s.count(command);
  json["commands"] = commands;
  json["energy_pj"] = nullptr;
  if (const auto energy = memory.energy()) {
    json["energy_pj"] = {{"total", energy->total()},        {"activate", energy->activate},
                         {"precharge", energy->precharge},  {"read", energy->read},
                         {"write", energy->write},          {"refresh", energy->refresh},
                         {"background", energy->background}};
  }
  json["part"] = part.name;
  json["clock_hz"] = part.clock_hz;
  return json.dump(2) + "\n";
}

std::string dram_table(const DramMemory& memory) {
  const DramStatistics s = memory.statistics();
  const DramPart& part = memory.part();
  const std::size_t channels = memory.channels().size();
  std::string text = fmt::format("{}, {} channel{} of {} rank{}, bursts of {} B, clock {} MHz\n\n", part.name, channels,
                                 channels == 1 ? "" : "s", memory.ranks(), memory.ranks() == 1 ? "" : "s",
                                 memory.burst_bytes(), static_cast<double>(part.clock_hz) / 1e6);
  const auto row = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<28}{:>14}\n", name, value);
  };
  row("requests", fmt::format("{}", s.requests()));
  row("  reads", fmt::format("{}", s.reads));
  row("  writes", fmt::format("{}", s.writes));
  row("cycles", fmt::format("{}", s.elapsed().value));
  const double ns = part.nanoseconds(static_cast<double>(s.elapsed().value));
  row("bandwidth, GB/s", fmt::format("{:.2f}", static_cast<double>(bytes_moved(memory, s)) / ns));
  row("  of peak, %", fmt::format("{:.1f}", 100 * share_of_peak(memory, s)));
  row("row hits", fmt::format("{}", s.row_hits));
  row("row misses", fmt::format("{}", s.row_misses));
  row("row conflicts", fmt::format("{}", s.row_conflicts));
  row("refreshes", fmt::format("{}", s.refreshes()));
  row("  blocked, cycles", fmt::format("{}", s.refresh_blocked.value));
  row("turnaround, cycles", fmt::format("{}", s.turnaround.value));
  if (const auto energy = memory.energy()) row("energy, uJ", fmt::format("{:.2f}", energy->total() / 1e6));
  text += fmt::format("\n  latency, cycles{:>17}{:>12}\n", "reads", "writes");
  const auto latency = [&](std::string_view name, DramCycles reads, DramCycles writes) {
    text += fmt::format("  {:<15}{:>17.1f}{:>12.1f}\n", name, mean(reads, s.reads), mean(writes, s.writes));
  };
  latency("average", s.read_latency.total(), s.write_latency.total());
  for (std::size_t c = 0; c < dram_cause_count; ++c) {
    const auto cause = static_cast<DramCause>(c);
    latency("  " + std::string(name_of(cause)), s.read_latency[cause], s.write_latency[cause]);
  }
  return text;
}

}  // namespace loopsim
