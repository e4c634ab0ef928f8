#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "arch/Architecture.hpp"

namespace loopsim {

/// Default energies where the inputs give none: 45 nm, about 0.9 V, integer data. Every figure is in a table in
/// EnergyTable.cpp with its source. All results are pJ for one action and uW of leakage.

/// One access of `width_bits` to an on-chip memory of `size_bits` in total.
///
/// From 2 KiB up: CACTI 7 table, straight lines in log(capacity) and log(width) between its points.
/// Beyond 2 MiB: the last two points' line goes on. Wider than the last column: in proportion to the width. Narrower
/// than 32 b: from the 32 b column, by (w/32)^0.3 for reads and (w/32)^0.65 for writes.
/// Below 2 KiB: the register-file formula, fitted for 64 B to 2 KiB and 8 b to 64 b; wider: the 2 KiB row of the table,
/// scaled with the formula's exponent of the capacity. No more than one access: flip-flops.
ComponentEnergy on_chip_memory_energy(std::int64_t size_bits, std::int64_t width_bits);

/// One access of `width_bits` to a DRAM of that type ("LPDDR4", "DDR4", "HBM2", …; any case), or nothing if the type
/// is unknown. Background and refresh are inside the figure, so leakage is 0.
std::optional<ComponentEnergy> dram_energy(std::string_view type, std::int64_t width_bits);

/// The DRAM type assumed where none, or an unknown one, is given.
inline constexpr std::string_view default_dram_type = "LPDDR4";

/// One operation ("mac", "add", "sub", "mul", "max", "relu", "div", "exp", "copy") on operands of `width_bits`, or
/// nothing if the name is unknown. A sum is as wide as its operands.
std::optional<double> operation_energy_pj(std::string_view operation, std::int64_t width_bits);

/// Leakage of one processing element without its buffers: a multiplier of `width_bits` and an adder 16 b wider.
double compute_leakage_uw(std::int64_t width_bits);

/// Fills what the inputs left open: the energy of every memory whose `source` is empty, every operation without an
/// energy, and leakage of the compute level if its `energy_source` is empty. Sources are recorded beside the figures.
///
/// An unlimited memory has no size to look up. It counts as DRAM at level 0, as a 256 KiB SRAM at level 1 and as a
/// 512 B register file below; the SRAM is accessed 64 b at a time with every bit used, so that an access of
/// `width_bits` costs its share of that.
void apply_default_energies(Architecture& architecture);

}  // namespace loopsim
