#include <gtest/gtest.h>

#include "tests/sim/ports/PortCoreTesting.hpp"

// What steps wait for at ports and banks, in finer words than the cause.
namespace loopsim {
namespace {

/// 320 words a step on a port of 256 words: two cycles a step, of which the words alone need a quarter more than one.
TEST(PortCore, AWaitNamesItsPortAndTheTensorThatTakesMostOfIt) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(2048), StallCause::glb);
  const WordsOf small{EinsumId(3), TensorId(1)}, large{EinsumId(3), TensorId(2)};
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(256, 1, {{port, 64 * 8, small}, {port, 256 * 8, large}})});
  ASSERT_TRUE(core.finished(user, cycles(512)));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::port), Cycle(64));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::rounding), Cycle(192));
  for (const auto& [id, time] : core.spent(user).waits) {
    ASSERT_TRUE(core.wait(id).place);
    EXPECT_EQ(core.wait(id).place->server, port);
    EXPECT_EQ(core.wait(id).place->bits, 320 * 8);
    EXPECT_TRUE(core.wait(id).place->words == large);
  }
}

TEST(PortCore, WordsOfOthersAreArbitrationAtAPortToo) {
  PortCore core(test_clock);
  const ServerIndex port = core.add_server(rate(8), StallCause::glb);
  const UserIndex user = core.add_user();
  const UserIndex other = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{port, 12}})});
  start(core, other, cycles(0), {run_of(10, 1, {{port, 20}})});
  ASSERT_TRUE(core.finished(user, cycles(40)));  // 1.5 and 2.5 cycles in turns
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::port), Cycle(5));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::rounding), Cycle(5));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::arbitration), Cycle(20));
  EXPECT_TRUE(waits_sum_to_stalls(core, user));
}

TEST(PortCoreBanks, LinesInDifferentBanksCostNothing) {
  PortCore core(test_clock);
  const ServerIndex even = core.add_unit_server(256, StallCause::glb);
  const ServerIndex odd = core.add_unit_server(256, StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{even, 256}, {odd, 256}})});
  EXPECT_EQ(end_of(core, user), cycles(10));
  EXPECT_TRUE(core.finished(user, cycles(10)));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::bank_conflict), Cycle(0));
  EXPECT_EQ(core.moved(even), 10 * 256);
}

TEST(PortCoreBanks, LinesOfAStepInOneBankConflict) {
  PortCore core(test_clock);
  const ServerIndex bank = core.add_unit_server(256, StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 2, {{bank, 5 * 256}})});
  EXPECT_EQ(end_of(core, user), cycles(50));
  EXPECT_TRUE(core.finished(user, cycles(50)));
  EXPECT_EQ(core.spent(user).compute, Cycle(20));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::bank_conflict), Cycle(30));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::arbitration), Cycle(0));
  EXPECT_EQ(stalled(core, user, StallCause::glb), 30);
}

TEST(PortCoreBanks, LinesOfOthersAreArbitration) {
  PortCore core(test_clock);
  const ServerIndex bank = core.add_unit_server(256, StallCause::glb);
  const UserIndex user = core.add_user();
  const UserIndex other = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{bank, 256}})});
  start(core, other, cycles(0), {run_of(10, 1, {{bank, 256}})});
  EXPECT_EQ(end_of(core, user), cycles(20));
  EXPECT_TRUE(core.finished(user, cycles(20)));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::bank_conflict), Cycle(0));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::arbitration), Cycle(10));
  EXPECT_EQ(spent_in_all(core, user), 20);
}

TEST(PortCoreBanks, AChunkOfATransferDelaysAStepByALine) {
  PortCore core(test_clock);
  const ServerIndex bank = core.add_unit_server(256, StallCause::glb);
  const UserIndex user = core.add_user();
  start(core, user, cycles(0), {run_of(10, 1, {{bank, 256}})});
  EXPECT_EQ(core.reserve(cycles(3), bank, 100), cycles(4));  // a part of a line is an access
  EXPECT_TRUE(core.finished(user, cycles(11)));
  EXPECT_EQ(waited(core, user, StallCause::glb, PortDetail::arbitration), Cycle(1));
}

TEST(PortCoreBanks, ALineTakesACycleOfAnyClock) {
  const Clock odd(900'000'000);  // 1111 ps
  PortCore core(odd);
  const ServerIndex bank = core.add_unit_server(256, StallCause::glb);
  EXPECT_EQ(core.reserve(Picoseconds(0), bank, 3 * 256), odd.at(Cycle(3)));
}

}  // namespace
}  // namespace loopsim
