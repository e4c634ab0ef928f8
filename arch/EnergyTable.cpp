#include "arch/EnergyTable.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <vector>

namespace loopsim {
namespace {

// ---------------------------------------------------------------------------------------------------------------------
// The data. 45 nm, 0.9 V to 1.0 V, random data.

struct ReadWrite {
  double read;
  double write;
};

// SRAM, pJ per access. CACTI 7 (github.com/HewlettPackard/cacti 1ffd8df), 45 nm, one bank, one read-write port,
// low-standby-power cells, 300 K. It reproduces the energies that Accelergy ships for the same geometries to 0.1 pJ
// (github.com/Accelergy-Project/timeloop-accelergy-exercises 2d55108: 128 KiB x 64 b 32.38 / 26.16). A 16 KiB row is
// left out: CACTI jumps between internal organisations there. Banks: use the total capacity; the wires to the banks eat
// what smaller banks save (256 KiB x 64 b in 1 / 8 / 32 banks reads 44.7 / 46.1 / 42.9).
constexpr const char* sram_source = "CACTI 7, 45 nm, low-standby-power cells, 300 K";
constexpr std::array<double, 5> sram_width_bits = {32, 64, 128, 256, 512};
struct SramRow {
  double kib;
  std::array<ReadWrite, 5> energy;  // read 0: not available
};
constexpr std::array<SramRow, 9> sram_rows = {{
    {2, {{{2.2, 2.6}, {2.8, 4.2}, {3.8, 7.4}, {9.5, 12.9}, {0, 0}}}},
    {8, {{{5.2, 4.8}, {6.1, 7.9}, {7.9, 14.1}, {11.5, 26.4}, {31.9, 46.5}}}},
    {32, {{{11.8, 8.7}, {17.0, 15.4}, {20.3, 27.5}, {26.8, 51.8}, {39.9, 100}}}},
    {64, {{{17.8, 13.5}, {25.9, 19.6}, {39.3, 36.0}, {51.8, 66.2}, {76.7, 127}}}},
    {128, {{{25.3, 16.9}, {32.3, 26.1}, {50.3, 47.0}, {73.8, 88.2}, {97.8, 198}}}},
    {256, {{{32.9, 24.4}, {44.7, 38.5}, {76.1, 63.7}, {125, 118}, {199, 228}}}},
    {512, {{{45.7, 35.7}, {68.3, 51.3}, {100, 87.7}, {168, 161}, {275, 333}}}},
    {1024, {{{68.4, 49.1}, {93.5, 76.2}, {153, 129}, {252, 245}, {434, 493}}}},
    {2048, {{{89.6, 70.3}, {128, 110}, {205, 170}, {354, 305}, {624, 600}}}},
}};
// Below the 32 b column: CACTI at 256 B and 512 B, 16 b against 32 b.
constexpr ReadWrite narrow_sram_exponent = {0.3, 0.65};
// Same runs, 300 K. The flavour of the cells must be the one of the energies above.
constexpr double sram_leakage_uw_per_kib = 0.026;

// Register files of 64 B to 2 KiB, 8 b to 64 b: factor * (KiB)^size * (w/64)^width, fitted to CACTI 7 (as above)
// within 15 %.
constexpr const char* register_file_source = "fit to CACTI 7, 45 nm, 64 B to 2 KiB";
struct PowerLaw {
  double factor, size_exponent, width_exponent;
};
constexpr PowerLaw register_file_read = {1.85, 0.55, 0.39};
constexpr PowerLaw register_file_write = {3.2, 0.42, 0.61};

// Flip-flop, read or write of one bit, and its leakage. Aladdin's 40 nm cell table
// (github.com/Accelergy-Project/accelergy-aladdin-plug-in 5e2e126).
constexpr const char* flip_flop_source = "Aladdin 40 nm flip-flop";
constexpr double flip_flop_pj_per_bit = 0.009;
constexpr double flip_flop_leakage_uw_per_bit = 0.07;

// DRAM, pJ per bit, everything included (array, background, refresh, interface).
struct DramType {
  std::string_view name;
  double pj_per_bit;
  const char* source;
};
constexpr std::array<DramType, 7> dram_types = {{
    {"LPDDR4", 8, "Accelergy DRAM table (8 pJ/bit)"},
    {"LPDDR5", 6, "estimate (6 pJ/bit); no reliable public figure"},
    {"DDR4", 14, "DDR4-2400 8 Gb x8 currents (9.1 pJ/bit streaming) plus about 5 pJ/bit of interface"},
    {"HBM2", 3.9, "Accelergy DRAM table (3.9 pJ/bit), after O'Connor et al., MICRO 2017"},
    {"GDDR5", 14, "Accelergy DRAM table (14 pJ/bit)"},
    {"DDR3", 70, "Accelergy DRAM table (70 pJ/bit, includes static energy at low utilisation)"},
    {"LPDDR", 40, "Accelergy DRAM table (40 pJ/bit, includes static energy at low utilisation)"},
}};

// Integer arithmetic, pJ by operand width. Horowitz, ISSCC 2014 (45 nm, 0.9 V); the 16 b multiplier lies between its
// neighbours with the square of the width.
constexpr const char* operation_source = "Horowitz, ISSCC 2014, 45 nm";
struct WidthPoint {
  double bits, pj;
};
constexpr std::array<WidthPoint, 3> add_points = {{{8, 0.03}, {16, 0.05}, {32, 0.1}}};
constexpr std::array<WidthPoint, 3> multiply_points = {{{8, 0.2}, {16, 0.8}, {32, 3.1}}};
// Division in multiplications: measured on a Cortex-M4F (PMC8934428, table 3).
constexpr double multiplications_per_division = 7.1;
// Exponential, own estimate: up to 8 b a table of 256 bytes; wider, three multiply-adds and that table.
constexpr double exponential_table_pj = 0.5;
constexpr int exponential_multiply_adds = 3;

// Leakage at 32 b (Aladdin's table): multipliers scale with the square of the width, adders with the width.
constexpr double multiplier_32_leakage_uw = 80;
constexpr double adder_32_leakage_uw = 2.3;
constexpr double accumulator_extra_bits = 16;

// What an unlimited memory counts as.
constexpr std::int64_t assumed_buffer_bits = std::int64_t(256) * 1024 * 8;
constexpr std::int64_t assumed_buffer_width = 64;
constexpr std::int64_t assumed_pe_buffer_bits = 512 * 8;

// ---------------------------------------------------------------------------------------------------------------------

constexpr double bits_per_kib = 8 * 1024;

// On the line through two points in log-log space, at x; beyond the points as well.
double log_log_line(double x0, double y0, double x1, double y1, double x) {
  const double slope = std::log(y1 / y0) / std::log(x1 / x0);
  return y0 * std::pow(x / x0, slope);
}

// The pair (i, i + 1) whose line serves x: the one around it, or the nearest.
template <class Get>
std::size_t segment(std::size_t count, double x, Get get) {
  std::size_t i = 0;
  while (i + 2 < count && x > get(i + 1)) ++i;
  return i;
}

template <std::size_t N>
double along(const std::array<WidthPoint, N>& points, double bits) {
  const auto i = segment(N, bits, [&](std::size_t k) { return points[k].bits; });
  return log_log_line(points[i].bits, points[i].pj, points[i + 1].bits, points[i + 1].pj, bits);
}

// One row of the table at a width. Wider than its last column: several such arrays side by side.
double sram_at_width(const SramRow& row, double bits, double ReadWrite::*action) {
  if (bits < sram_width_bits[0]) {
    return row.energy[0].*action * std::pow(bits / sram_width_bits[0], narrow_sram_exponent.*action);
  }
  const auto columns = static_cast<std::size_t>(
      std::count_if(row.energy.begin(), row.energy.end(), [](const ReadWrite& e) { return e.read > 0; }));
  if (bits > sram_width_bits[columns - 1]) {
    return row.energy[columns - 1].*action * bits / sram_width_bits[columns - 1];
  }
  const auto i = segment(columns, bits, [](std::size_t k) { return sram_width_bits[k]; });
  return log_log_line(sram_width_bits[i], row.energy[i].*action, sram_width_bits[i + 1], row.energy[i + 1].*action,
                      bits);
}

double sram(double kib, double bits, double ReadWrite::*action) {
  const auto i = segment(sram_rows.size(), kib, [](std::size_t k) { return sram_rows[k].kib; });
  return log_log_line(sram_rows[i].kib, sram_at_width(sram_rows[i], bits, action), sram_rows[i + 1].kib,
                      sram_at_width(sram_rows[i + 1], bits, action), kib);
}

double register_file(const PowerLaw& law, double kib, double bits, double ReadWrite::*action) {
  const double widest = 64;
  if (bits <= widest)
    return law.factor * std::pow(kib, law.size_exponent) * std::pow(bits / widest, law.width_exponent);
  return sram_at_width(sram_rows[0], bits, action) * std::pow(kib / sram_rows[0].kib, law.size_exponent);
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

ComponentEnergy default_energy(const MemoryLevel& memory, std::size_t level) {
  const bool off_chip = memory.kind == MemoryKind::dram || (level == 0 && !memory.size_bits);
  if (off_chip) {
    const auto of_type = dram_energy(memory.dram_type, memory.width_bits);
    return of_type ? *of_type : *dram_energy(default_dram_type, memory.width_bits);
  }
  if (memory.size_bits) return on_chip_memory_energy(*memory.size_bits, memory.width_bits);
  if (level > 1) {
    ComponentEnergy energy = on_chip_memory_energy(assumed_pe_buffer_bits, memory.width_bits);
    energy.source += ", as 512 B";
    return energy;
  }
  ComponentEnergy energy = on_chip_memory_energy(assumed_buffer_bits, assumed_buffer_width);
  const double share = static_cast<double>(memory.width_bits) / static_cast<double>(assumed_buffer_width);
  energy.read_pj *= share;
  energy.write_pj *= share;
  energy.source += ", as 256 KiB with fully used 64 b accesses";
  return energy;
}

}  // namespace

ComponentEnergy on_chip_memory_energy(std::int64_t size_bits, std::int64_t width_bits) {
  const double bits = static_cast<double>(width_bits);
  const double kib = static_cast<double>(size_bits) / bits_per_kib;
  if (size_bits <= width_bits) {
    const double access = flip_flop_pj_per_bit * bits;
    return {access, access, flip_flop_leakage_uw_per_bit * static_cast<double>(size_bits), flip_flop_source};
  }
  const double leakage = sram_leakage_uw_per_kib * kib;
  if (kib < sram_rows[0].kib) {
    return {register_file(register_file_read, kib, bits, &ReadWrite::read),
            register_file(register_file_write, kib, bits, &ReadWrite::write), leakage, register_file_source};
  }
  return {sram(kib, bits, &ReadWrite::read), sram(kib, bits, &ReadWrite::write), leakage, sram_source};
}

std::optional<ComponentEnergy> dram_energy(std::string_view type, std::int64_t width_bits) {
  const std::string wanted = upper(type);
  for (const DramType& dram : dram_types) {
    if (dram.name != wanted) continue;
    const double access = dram.pj_per_bit * static_cast<double>(width_bits);
    return ComponentEnergy{access, access, 0, std::string(dram.name) + ": " + dram.source};
  }
  return std::nullopt;
}

std::optional<double> operation_energy_pj(std::string_view operation, std::int64_t width_bits) {
  const double bits = static_cast<double>(width_bits);
  const double add = along(add_points, bits);
  const double multiply = along(multiply_points, bits);
  // A comparison costs an addition (PMC8934428, table 3).
  if (operation == "add" || operation == "sub" || operation == "max" || operation == "relu") return add;
  if (operation == "mul") return multiply;
  if (operation == "mac") return multiply + add;
  if (operation == "div") return multiplications_per_division * multiply;
  if (operation == "exp") {
    return exponential_table_pj + (bits <= 8 ? 0 : exponential_multiply_adds * (multiply + add));
  }
  // No arithmetic: its accesses are counted where they happen.
  if (operation == "copy") return 0;
  return std::nullopt;
}

double compute_leakage_uw(std::int64_t width_bits) {
  const double bits = static_cast<double>(width_bits);
  return multiplier_32_leakage_uw * (bits / 32) * (bits / 32) +
         adder_32_leakage_uw * (bits + accumulator_extra_bits) / 32;
}

void apply_default_energies(Architecture& architecture) {
  for (std::size_t level = 0; level < architecture.memories.size(); ++level) {
    MemoryLevel& memory = architecture.memories[level];
    if (memory.energy.source.empty()) memory.energy = default_energy(memory, level);
  }

  ComputeLevel& compute = architecture.compute;
  if (compute.energy_source.empty()) {
    compute.leakage_uw = compute_leakage_uw(compute.datawidth_bits);
    compute.energy_source = operation_source;
  } else {
    compute.energy_source += std::string("; operations it lacks: ") + operation_source;
  }
  for (const char* name : {"mac", "add", "sub", "mul", "max", "exp", "div", "relu", "copy"}) {
    compute.operation_pj.emplace(name, *operation_energy_pj(name, compute.datawidth_bits));
  }
}

}  // namespace loopsim
