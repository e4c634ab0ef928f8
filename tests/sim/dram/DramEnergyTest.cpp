#include <gtest/gtest.h>

#include "tests/sim/dram/DramTraffic.hpp"

namespace loopsim {
namespace {

DramEnergyTable table_of(const char* part) {
  return dram_energy_table(load_dram_part(part)).value();
}

// Reference figures computed from the same currents elsewhere; the clock there is rounded to 0.833 ns.
TEST(DramEnergy, Ddr4Rank) {
  const DramEnergyTable e = table_of("ddr4-2400-17");
  EXPECT_NEAR(e.activate + e.precharge, 3463, 5);
  EXPECT_NEAR(e.read, 2943, 5);
  EXPECT_NEAR(e.write, 2559, 5);
  EXPECT_NEAR(e.refresh, 695'000, 1000);
  EXPECT_NEAR(e.open_mw, 413, 0.5);
  EXPECT_NEAR(e.closed_mw, 326, 0.5);
  // By hand: 8 devices x 1.2 V x (48 - 43) mA x 39 / 1.2 GHz.
  EXPECT_NEAR(e.activate, 8 * 1.2 * 5 * 32.5, 1e-9);
}

TEST(DramEnergy, Lpddr4AndHbm2) {
  const DramEnergyTable lpddr4 = table_of("lpddr4-3200");
  EXPECT_NEAR(lpddr4.activate + lpddr4.precharge, 1205, 2);
  EXPECT_NEAR(lpddr4.read, 2168, 2);
  EXPECT_NEAR(lpddr4.write, 1288, 2);
  EXPECT_NEAR(lpddr4.refresh_bank * 8, lpddr4.refresh, 1e-6);
  const DramEnergyTable hbm2 = table_of("hbm2-2000");  // a pseudo channel: half of the channel
  EXPECT_NEAR(2 * (hbm2.activate + hbm2.precharge), 828, 1);
  EXPECT_NEAR(2 * hbm2.read, 804, 1);
  EXPECT_NEAR(2 * hbm2.write, 1068, 1);
}

TEST(DramEnergy, NoCurrentsNoEnergy) {
  EXPECT_FALSE(dram_energy_table(load_dram_part("lpddr5-6400")).has_value());
}

TEST(DramEnergy, CountsTimesCommands) {
  DramRun run;
  run.mapping = bank_in_row;
  run.controller.refresh = DramRefresh::off;
  const DramPart part = load_dram_part(run.part);
  const DramStatistics s = statistics_of(stride_trace(1280, 64), run);  // ten rows of 128 bursts
  const DramEnergy energy = dram_energy(part, s, 1).value();
  const DramEnergyTable table = table_of("ddr4-2400-17");
  EXPECT_DOUBLE_EQ(energy.activate, 10 * table.activate);
  EXPECT_EQ(energy.precharge, 0);  // they lie in different banks and stay open
  EXPECT_DOUBLE_EQ(energy.read, 1280 * table.read);
  EXPECT_EQ(energy.write, 0);
  EXPECT_EQ(energy.refresh, 0);
  // A row is open from the first ACT on.
  EXPECT_DOUBLE_EQ(energy.background, part.nanoseconds(static_cast<double>(s.elapsed().value)) * table.open_mw);
  EXPECT_DOUBLE_EQ(energy.total(), energy.activate + energy.precharge + energy.read + energy.background);
}

// What closes rows is charged for each: PREA of 8 banks is 8 precharges, RDA is one.
TEST(DramEnergy, ARowIsChargedWhenItIsClosed) {
  DramRun run;
  run.gap = DramCycles(100);
  const DramPart part = load_dram_part(run.part);
  const auto precharges = [&](std::int64_t reads) {
    const DramStatistics s = statistics_of(stride_trace(reads, 64), run);
    EXPECT_DOUBLE_EQ(dram_energy(part, s, 1)->precharge,
                     static_cast<double>(s.precharges) * table_of("ddr4-2400-17").precharge);
    return s.precharges;
  };
  EXPECT_EQ(precharges(8), 0);
  EXPECT_EQ(precharges(95), 16);  // a refresh at cycle 9360 finds all banks open
  run.controller.page = DramPage::closed;
  EXPECT_EQ(precharges(8), 8);
}

TEST(DramEnergy, ClosedRanksDrawLess) {
  DramRun run;
  run.controller.refresh = DramRefresh::off;
  run.gap = DramCycles(1000);
  const auto trace = stride_trace(100, 8192);
  const DramPart part = load_dram_part(run.part);
  const double open = dram_energy(part, statistics_of(trace, run), 1)->background;
  run.controller.page = DramPage::closed;
  const double closed = dram_energy(part, statistics_of(trace, run), 1)->background;
  EXPECT_LT(closed, 0.85 * open);
}

}  // namespace
}  // namespace loopsim
