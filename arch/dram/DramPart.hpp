#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/dram/DramConstraint.hpp"

namespace loopsim {

/// One rank as the controller sees it; counts are powers of two.
struct DramOrganisation {
  std::int64_t width_bits = 0;  ///< data lines of the channel
  std::int64_t ranks = 1;
  std::int64_t bank_groups = 1;
  std::int64_t banks = 0;  ///< in a bank group
  std::int64_t rows = 0;
  std::int64_t columns = 0;  ///< in a row, each as wide as the channel
  std::int64_t burst_length = 0;
  std::int64_t beats_per_clock = 2;  ///< transfers on a data line in one command clock
  std::int64_t command_buses = 1;    ///< 2: row and column commands on buses of their own (HBM)

  std::int64_t burst_bytes() const { return burst_length * width_bits / 8; }
  DramCycles burst_cycles() const { return DramCycles(burst_length / beats_per_clock); }
  std::int64_t bursts_in_row() const { return columns / burst_length; }
  std::int64_t banks_in_rank() const { return bank_groups * banks; }
};

/// Voltage (V) of a supply and the currents (mA) that one device draws from it.
struct DramSupply {
  double volts = 0;
  double idd0 = 0;    ///< activating and precharging one bank every tRC
  double idd2n = 0;   ///< all banks closed
  double idd3n = 0;   ///< a bank open
  double idd4r = 0;   ///< reading without gaps
  double idd4w = 0;   ///< writing without gaps
  double idd5b = 0;   ///< refreshing all banks every tRFC
  double idd5pb = 0;  ///< refreshing one bank every tRFCpb; 0: as idd5b for the share of one bank
};

struct DramPower {
  double devices = 0;  ///< in a rank; a half where two pseudo channels share one
  std::vector<DramSupply> supplies;
};

/// A DRAM part: what its data sheet says.
struct DramPart {
  std::string name;
  std::string source;
  DramOrganisation organisation;
  std::int64_t clock_hz = 0;  ///< of the commands
  DramParameters timing;      ///< named, in clock cycles, optional ones filled in
  std::vector<DramConstraint> constraints;
  std::optional<DramPower> power;  ///< absent: no published currents

  DramCycles parameter(std::string_view parameter_name) const {
    return DramCycles(timing.find(parameter_name)->second);
  }
  bool refreshes_banks() const { return parameter("tRFCpb").value > 0; }
  double nanoseconds(double cycles) const { return cycles * 1e9 / static_cast<double>(clock_hz); }
};

}  // namespace loopsim
