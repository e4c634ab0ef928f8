#include <gtest/gtest.h>

#include "sim/ports/MemoryPorts.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t hertz = 1'000'000'000;

class BankPortsTest : public ::testing::Test {
 protected:
  BankPortsTest() : core_(Clock(hertz)) {
    Architecture machine = ideal_architecture(3);
    machine.clock_hz = hertz;
    machine.memories[1].banks = BankSettings{4, false};
    machine.memories[1].stated_line_bits = 64;
    ports_ = make_ports(machine, core_).levels[1];
  }
  Picoseconds cycles(std::int64_t n) { return Clock(hertz).at(Cycle(n)); }
  Picoseconds write(std::int64_t at, const TransferPiece& piece) {
    return reserve_words(core_, ports_, Direction::write, cycles(at), piece);
  }
  std::int64_t lines(std::size_t bank) const { return core_.moved(ports_.banks->write[bank]) / 64; }

  PortCore core_;
  LevelPorts ports_;
};

TEST_F(BankPortsTest, LinesOfATransferFollowEachOtherOverTheBanks) {
  EXPECT_EQ(write(0, {6 * 64, 0, 3}), cycles(2));  // banks 3 0 1 2 3 0
  EXPECT_EQ(lines(3), 2);
  EXPECT_EQ(lines(0), 2);
  EXPECT_EQ(lines(1), 1);
  EXPECT_EQ(lines(2), 1);
}

TEST_F(BankPortsTest, PiecesOfALineAreOneAccess) {
  EXPECT_EQ(write(0, {40, 0, 1}), cycles(1));
  EXPECT_EQ(write(5, {24, 40, 1}), cycles(5));
  EXPECT_EQ(write(6, {64, 64, 1}), cycles(7));
  EXPECT_EQ(lines(1), 1);
  EXPECT_EQ(lines(2), 1);
}

TEST_F(BankPortsTest, APieceOfALineWaitsForItsAccess) {
  write(0, {4 * 5 * 64, 0, 0});  // five lines at each bank
  EXPECT_EQ(write(1, {40, 0, 2}), cycles(6));
  EXPECT_EQ(write(2, {24, 40, 2}), cycles(6));
}

TEST_F(BankPortsTest, ASinglePortServesBothDirections) {
  EXPECT_EQ(write(0, {64, 0, 0}), cycles(1));
  EXPECT_EQ(reserve_words(core_, ports_, Direction::read, cycles(0), {64, 0, 0}), cycles(2));
}

TEST(BankPorts, ADualPortServesThemSideBySide) {
  PortCore core{Clock(hertz)};
  Architecture machine = ideal_architecture(3);
  machine.clock_hz = hertz;
  machine.memories[1].banks = BankSettings{2, true};
  machine.memories[1].stated_line_bits = 64;
  const MemoryPorts ports = make_ports(machine, core);
  const Picoseconds cycle(1000);
  EXPECT_EQ(reserve_words(core, ports.levels[1], Direction::write, Picoseconds(0), {64, 0, 0}), cycle);
  EXPECT_EQ(reserve_words(core, ports.levels[1], Direction::read, Picoseconds(0), {64, 0, 0}), cycle);
}

}  // namespace
}  // namespace loopsim
