#pragma once

#include <array>
#include <optional>

#include "arch/dram/DramPart.hpp"
#include "sim/dram/DramRequest.hpp"

namespace loopsim {

/// What happened in a channel or in several.
struct DramStatistics {
  std::int64_t reads = 0;  ///< accepted bursts
  std::int64_t writes = 0;
  std::int64_t forwarded_reads = 0;  ///< reads of a burst that still waited to be written; they move no data
  std::int64_t row_hits = 0;         ///< the first command for the request was RD or WR,
  std::int64_t row_misses = 0;       ///< ACT,
  std::int64_t row_conflicts = 0;    ///< or PRE
  std::array<std::int64_t, jedec_command_count> commands = {};
  std::int64_t precharges = 0;  ///< rows closed: each bank of a PREA, and by RDA and WRA
  DramCycles
      refresh_blocked;       ///< time in which a rank (or a bank, if refreshed one by one) waited for or was in refresh
  DramCycles turnaround;     ///< time in which the data bus stood still to change direction or rank
  DramCycles open_time;      ///< time in which a rank had an open row, summed over ranks
  DramLatency read_latency;  ///< sums over the completed requests
  DramLatency write_latency;
  std::optional<DramCycles> first_acceptance;
  DramCycles last_completion;

  std::int64_t count(JedecCommand command) const { return commands[index_of(command)]; }
  std::int64_t requests() const { return reads + writes; }
  std::int64_t refreshes() const { return count(JedecCommand::refresh) + count(JedecCommand::refresh_bank); }
  /// From the first acceptance to the last data.
  DramCycles elapsed() const { return first_acceptance ? last_completion - *first_acceptance : DramCycles(); }

  DramStatistics& operator+=(const DramStatistics& other);
};

/// pJ, without drivers and termination.
struct DramEnergy {
  double activate = 0;
  double precharge = 0;
  double read = 0;
  double write = 0;
  double refresh = 0;
  double background = 0;

  double total() const { return activate + precharge + read + write + refresh + background; }
};

/// Energy of one command and power of a rank at rest, from the currents as in JEDEC's and Micron's power notes.
struct DramEnergyTable {
  double activate = 0;   ///< pJ
  double precharge = 0;  ///< pJ
  double read = 0;       ///< pJ a burst
  double write = 0;      ///< pJ a burst
  double refresh = 0;    ///< pJ, all banks
  double refresh_bank = 0;
  double open_mw = 0;  ///< a rank with an open row
  double closed_mw = 0;
};
/// Nothing if the part has no currents.
std::optional<DramEnergyTable> dram_energy_table(const DramPart& part);

/// `ranks` in all channels that the statistics cover. Nothing if the part has no currents.
std::optional<DramEnergy> dram_energy(const DramPart& part, const DramStatistics& statistics, std::int64_t ranks);

}  // namespace loopsim
