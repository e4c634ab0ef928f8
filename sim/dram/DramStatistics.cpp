#include "sim/dram/DramStatistics.hpp"

#include <algorithm>

namespace loopsim {

DramStatistics& DramStatistics::operator+=(const DramStatistics& other) {
  reads += other.reads;
  writes += other.writes;
  forwarded_reads += other.forwarded_reads;
  row_hits += other.row_hits;
  row_misses += other.row_misses;
  row_conflicts += other.row_conflicts;
  for (std::size_t c = 0; c < jedec_command_count; ++c) commands[c] += other.commands[c];
  precharges += other.precharges;
  refresh_blocked += other.refresh_blocked;
  turnaround += other.turnaround;
  open_time += other.open_time;
  read_latency += other.read_latency;
  write_latency += other.write_latency;
  if (other.first_acceptance && (!first_acceptance || *other.first_acceptance < *first_acceptance)) {
    first_acceptance = other.first_acceptance;
  }
  last_completion = std::max(last_completion, other.last_completion);
  return *this;
}

std::optional<DramEnergyTable> dram_energy_table(const DramPart& part) {
  if (!part.power) return std::nullopt;
  const auto ns = [&](std::string_view name) {
    return part.nanoseconds(static_cast<double>(part.parameter(name).value));
  };
  DramEnergyTable table;
  // V · mA · ns = pJ. What a command adds to the background: IDD0 is drawn over tRC by one ACT and one PRE.
  for (const DramSupply& s : part.power->supplies) {
    const double volts = s.volts * part.power->devices;
    table.activate += volts * (s.idd0 - s.idd3n) * ns("tRAS");
    table.precharge += volts * (s.idd0 - s.idd2n) * (ns("tRC") - ns("tRAS"));
    table.read += volts * (s.idd4r - s.idd3n) * ns("tBURST");
    table.write += volts * (s.idd4w - s.idd3n) * ns("tBURST");
    const double refresh = volts * (s.idd5b - s.idd3n) * ns("tRFC");
    table.refresh += refresh;
    table.refresh_bank += s.idd5pb > 0 ? volts * (s.idd5pb - s.idd3n) * ns("tRFCpb")
                                       : refresh / static_cast<double>(part.organisation.banks_in_rank());
    table.open_mw += volts * s.idd3n;
    table.closed_mw += volts * s.idd2n;
  }
  return table;
}

std::optional<DramEnergy> dram_energy(const DramPart& part, const DramStatistics& statistics, std::int64_t ranks) {
  const auto table = dram_energy_table(part);
  if (!table) return std::nullopt;
  using C = JedecCommand;
  const auto count = [&](C command) { return static_cast<double>(statistics.count(command)); };
  DramEnergy energy;
  energy.activate = count(C::activate) * table->activate;
  energy.precharge = static_cast<double>(statistics.precharges) * table->precharge;
  energy.read = (count(C::read) + count(C::read_auto)) * table->read;
  energy.write = (count(C::write) + count(C::write_auto)) * table->write;
  energy.refresh = count(C::refresh) * table->refresh + count(C::refresh_bank) * table->refresh_bank;
  const double open = part.nanoseconds(static_cast<double>(statistics.open_time.value));
  const double all = part.nanoseconds(static_cast<double>(statistics.elapsed().value * ranks));
  energy.background = open * table->open_mw + std::max(0.0, all - open) * table->closed_mw;
  return energy;
}

}  // namespace loopsim
