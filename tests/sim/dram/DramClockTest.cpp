#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/dram/DramClock.hpp"

namespace loopsim {
namespace {

TEST(DramClock, ErrorsDoNotAddUp) {
  const DramClock clock(1'200'000'000);  // 833 1/3 ps
  EXPECT_EQ(clock.begin(DramCycles(1)), Picoseconds(833));
  EXPECT_EQ(clock.after(DramCycles(1)), Picoseconds(834));
  EXPECT_EQ(clock.begin(DramCycles(3)), Picoseconds(2500));
  EXPECT_EQ(clock.after(DramCycles(3)), Picoseconds(2500));
  EXPECT_EQ(clock.after(DramCycles(1'200'000'000)), Picoseconds(1'000'000'000'000));
  EXPECT_EQ(clock.cycle_from(Picoseconds(2500)), DramCycles(3));
  EXPECT_EQ(clock.cycle_from(Picoseconds(2501)), DramCycles(4));
}

RC_GTEST_PROP(DramClock, TheCycleComesBack, (std::uint32_t hertz, std::uint64_t cycle)) {
  const DramClock clock(1 + static_cast<std::int64_t>(hertz));
  const DramCycles n(static_cast<std::int64_t>(cycle % 1'000'000'000));
  if (n.value > hertz * std::int64_t{1000}) RC_SUCCEED("beyond any run");
  RC_ASSERT(clock.cycle_from(clock.begin(n)) == n);
  RC_ASSERT(clock.after(n) - clock.begin(n) <= Picoseconds(1));
  RC_ASSERT(clock.cycle_from(clock.begin(n) + Picoseconds(1)) == n + DramCycles(1));
}

}  // namespace
}  // namespace loopsim
