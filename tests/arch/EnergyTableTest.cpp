#include <cmath>
#include <gtest/gtest.h>

#include "arch/EnergyTable.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t KiB = 8 * 1024;  // in bits

void expect_pair(const ComponentEnergy& energy, double read, double write, double relative) {
  EXPECT_NEAR(energy.read_pj, read, relative * read);
  EXPECT_NEAR(energy.write_pj, write, relative * write);
}

TEST(EnergyTable, SramPointsAreReproduced) {
  struct {
    std::int64_t kib, width;
    double read, write;
  } const points[] = {{2, 32, 2.2, 2.6},     {2, 256, 9.5, 12.9},    {8, 512, 31.9, 46.5},  {32, 64, 17.0, 15.4},
                      {64, 256, 51.8, 66.2}, {128, 64, 32.3, 26.1},  {256, 64, 44.7, 38.5}, {256, 256, 125, 118},
                      {512, 128, 100, 87.7}, {1024, 32, 68.4, 49.1}, {2048, 64, 128, 110},  {2048, 512, 624, 600}};
  for (const auto& p : points) {
    SCOPED_TRACE(::testing::Message() << p.kib << " KiB x " << p.width << " b");
    expect_pair(on_chip_memory_energy(p.kib * KiB, p.width), p.read, p.write, 1e-12);
  }
}

TEST(EnergyTable, SramBetweenPointsIsGeometric) {
  // Half way on both logarithmic axes: the geometric mean of the four neighbours.
  const double size = 256 * std::sqrt(2.0);
  const auto energy = on_chip_memory_energy(std::llround(size * KiB), 181);  // 181 = 128 * sqrt(2) to 0.01 %
  expect_pair(energy, std::pow(76.1 * 125 * 100 * 168, 0.25), std::pow(63.7 * 118 * 87.7 * 161, 0.25), 1e-3);
}

TEST(EnergyTable, SramBeyondThePoints) {
  // Narrow: from the 32 b column.
  expect_pair(on_chip_memory_energy(256 * KiB, 8), 32.9 * std::pow(0.25, 0.3), 24.4 * std::pow(0.25, 0.65), 1e-12);
  // Wide: arrays side by side.
  expect_pair(on_chip_memory_energy(256 * KiB, 1024), 2 * 199, 2 * 228, 1e-12);
  // Large: the last line goes on.
  expect_pair(on_chip_memory_energy(4096 * KiB, 64), 128.0 * 128 / 93.5, 110.0 * 110 / 76.2, 1e-12);
  // A row without its last column.
  expect_pair(on_chip_memory_energy(2 * KiB, 512), 2 * 9.5, 2 * 12.9, 1e-12);
}

TEST(EnergyTable, SramGrowsWithSizeAndWidth) {
  for (std::int64_t width = 8; width <= 1024; width *= 2) {
    for (std::int64_t kib = 2; kib <= 8192; kib *= 2) {
      SCOPED_TRACE(::testing::Message() << kib << " KiB x " << width << " b");
      const auto energy = on_chip_memory_energy(kib * KiB, width);
      const auto larger = on_chip_memory_energy(2 * kib * KiB, width);
      const auto wider = on_chip_memory_energy(kib * KiB, 2 * width);
      EXPECT_GT(larger.read_pj, energy.read_pj);
      EXPECT_GT(larger.write_pj, energy.write_pj);
      EXPECT_GT(wider.read_pj, energy.read_pj);
      EXPECT_GT(wider.write_pj, energy.write_pj);
    }
  }
}

TEST(EnergyTable, RegisterFileFormula) {
  // The formula is within 15 % of CACTI; some points of CACTI itself.
  expect_pair(on_chip_memory_energy(64 * 8, 8), 0.18, 0.29, 0.16);
  expect_pair(on_chip_memory_energy(256 * 8, 16), 0.55, 0.72, 0.16);
  expect_pair(on_chip_memory_energy(512 * 8, 16), 0.72, 1.09, 0.16);
  expect_pair(on_chip_memory_energy(512 * 8, 32), 0.85, 1.76, 0.16);
  expect_pair(on_chip_memory_energy(1 * KiB, 32), 1.32, 2.07, 0.16);
  expect_pair(on_chip_memory_energy(1 * KiB, 64), 1.85, 3.2, 1e-12);
}

TEST(EnergyTable, RegisterFileMeetsSram) {
  for (const std::int64_t width : {32, 64, 128, 256}) {
    SCOPED_TRACE(width);
    const auto below = on_chip_memory_energy(2 * KiB - 1, width);
    const auto at = on_chip_memory_energy(2 * KiB, width);
    expect_pair(below, at.read_pj, at.write_pj, 0.1);
  }
}

TEST(EnergyTable, SingleRegisterIsFlipFlops) {
  const auto energy = on_chip_memory_energy(16, 16);
  expect_pair(energy, 16 * 0.009, 16 * 0.009, 1e-12);
  EXPECT_NE(energy.source.find("Aladdin"), std::string::npos);
}

TEST(EnergyTable, SramLeakage) {
  // 256 KiB: 7 uW.
  EXPECT_NEAR(on_chip_memory_energy(256 * KiB, 64).leakage_uw, 6.656, 1e-9);
}

TEST(EnergyTable, DramTypes) {
  EXPECT_DOUBLE_EQ(dram_energy("LPDDR4", 64)->read_pj, 512);  // Accelergy: 512 pJ per 64 b
  EXPECT_DOUBLE_EQ(dram_energy("lpddr4", 8)->write_pj, 64);
  EXPECT_DOUBLE_EQ(dram_energy("HBM2", 10)->read_pj, 39);
  EXPECT_DOUBLE_EQ(dram_energy("DDR4", 1)->read_pj, 14);
  EXPECT_DOUBLE_EQ(dram_energy("LPDDR5", 1)->read_pj, 6);
  EXPECT_DOUBLE_EQ(dram_energy("GDDR5", 1)->read_pj, 14);
  EXPECT_DOUBLE_EQ(dram_energy("DDR3", 1)->read_pj, 70);
  EXPECT_DOUBLE_EQ(dram_energy("LPDDR", 1)->read_pj, 40);
  EXPECT_FALSE(dram_energy("core memory", 1));
}

TEST(EnergyTable, Operations) {
  EXPECT_NEAR(*operation_energy_pj("mac", 8), 0.23, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("mac", 16), 0.85, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("add", 8), 0.03, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("add", 16), 0.05, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("add", 32), 0.1, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("mul", 8), 0.2, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("mul", 16), 0.8, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("mul", 32), 3.1, 1e-12);
  for (const char* like_add : {"sub", "max", "relu"}) EXPECT_NEAR(*operation_energy_pj(like_add, 8), 0.03, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("div", 8), 1.42, 1e-12);
  EXPECT_NEAR(*operation_energy_pj("exp", 8), 0.5, 1e-12);
  EXPECT_GT(*operation_energy_pj("exp", 16), *operation_energy_pj("exp", 8));
  EXPECT_EQ(*operation_energy_pj("copy", 8), 0);
  EXPECT_FALSE(operation_energy_pj("sine", 8));
}

TEST(EnergyTable, ComputeLeakage) {
  EXPECT_NEAR(compute_leakage_uw(8), 7, 0.3);  // 8 x 8 multiplier and 24 b adder
}

Architecture machine_of_three() {
  Architecture machine;
  machine.memories.resize(3);
  machine.memories[0].kind = MemoryKind::dram;
  machine.memories[0].width_bits = 64;
  machine.memories[1].size_bits = 256 * KiB;
  machine.memories[1].width_bits = 64;
  machine.memories[2].kind = MemoryKind::register_file;
  machine.memories[2].size_bits = 512 * 8;
  machine.memories[2].width_bits = 16;
  return machine;
}

TEST(EnergyTable, FillsAMachine) {
  Architecture machine = machine_of_three();
  apply_default_energies(machine);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.read_pj, 512);
  EXPECT_DOUBLE_EQ(machine.memories[1].energy.read_pj, 44.7);
  EXPECT_DOUBLE_EQ(machine.memories[1].energy.write_pj, 38.5);
  EXPECT_NEAR(machine.memories[2].energy.read_pj, 0.72, 0.12);
  for (const auto& memory : machine.memories) EXPECT_FALSE(memory.energy.source.empty());
  EXPECT_EQ(machine.compute.operation_pj.size(), 9u);
  EXPECT_NEAR(machine.compute.operation_pj.at("mac"), 0.23, 1e-12);
  EXPECT_FALSE(machine.compute.energy_source.empty());
  EXPECT_GT(machine.compute.leakage_uw, 0);
}

TEST(EnergyTable, DramGoesByItsType) {
  Architecture machine = machine_of_three();
  machine.memories[0].dram_type = "DDR4";
  apply_default_energies(machine);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.read_pj, 64 * 14);
  EXPECT_NE(machine.memories[0].energy.source.find("DDR4"), std::string::npos);
}

TEST(EnergyTable, KeepsWhatTheInputsGave) {
  Architecture machine = machine_of_three();
  machine.memories[1].energy = {121.7, 115.1, 0, "ERT"};
  machine.compute.operation_pj["mac"] = 0.845;
  machine.compute.energy_source = "ERT";
  apply_default_energies(machine);
  EXPECT_EQ(machine.memories[1].energy.read_pj, 121.7);
  EXPECT_EQ(machine.memories[1].energy.source, "ERT");
  EXPECT_EQ(machine.compute.operation_pj.at("mac"), 0.845);
  EXPECT_NEAR(machine.compute.operation_pj.at("add"), 0.03, 1e-12);
  EXPECT_EQ(machine.compute.leakage_uw, 0);
  EXPECT_EQ(machine.compute.energy_source.rfind("ERT", 0), 0u);
}

TEST(EnergyTable, UnlimitedMemories) {
  Architecture machine;
  machine.memories.resize(4);  // words of 8 b
  apply_default_energies(machine);
  EXPECT_DOUBLE_EQ(machine.memories[0].energy.read_pj, 64);
  EXPECT_DOUBLE_EQ(machine.memories[1].energy.read_pj, 44.7 / 8);
  EXPECT_DOUBLE_EQ(machine.memories[1].energy.write_pj, 38.5 / 8);
  const auto register_file = on_chip_memory_energy(512 * 8, 8);
  EXPECT_DOUBLE_EQ(machine.memories[2].energy.read_pj, register_file.read_pj);
  EXPECT_DOUBLE_EQ(machine.memories[3].energy.write_pj, register_file.write_pj);
}

}  // namespace
}  // namespace loopsim
