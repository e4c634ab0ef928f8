#include <gtest/gtest.h>

#include "models/looptree/MemoryTime.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t clock_hz = 1'000'000'000;
constexpr std::int64_t bit_per_cycle = clock_hz;

PortBandwidth ports(std::optional<std::int64_t> read, std::optional<std::int64_t> write,
                    std::optional<std::int64_t> shared) {
  auto rate = [](std::optional<std::int64_t> bits) {
    return bits ? std::optional<std::int64_t>(*bits * bit_per_cycle) : std::nullopt;
  };
  return {rate(read), rate(write), rate(shared)};
}

constexpr auto none = std::nullopt;

TEST(MemoryTime, UnlimitedPortsTakeNoTime) {
  EXPECT_EQ(memory_cycles({}, 1000, 1000, clock_hz), 0);
}

TEST(MemoryTime, SharedPortsServeBothDirections) {
  EXPECT_EQ(memory_cycles(ports(none, none, 8), 80, 40, clock_hz), 15);
}

TEST(MemoryTime, SeparatePortsWorkSideBySide) {
  EXPECT_EQ(memory_cycles(ports(8, 4, none), 80, 60, clock_hz), 15);
  EXPECT_EQ(memory_cycles(ports(8, 4, none), 80, 20, clock_hz), 10);
}

TEST(MemoryTime, SharedPortHelpsTheBusierDirection) {
  // Reads need 100 / 8 even alone, so writes take the shared port: 40 / 8 is less.
  EXPECT_EQ(memory_cycles(ports(4, 4, 4), 100, 40, clock_hz), 13);
  EXPECT_EQ(memory_cycles(ports(4, 4, 4), 40, 100, clock_hz), 13);
  // Neither direction fills the shared port: they divide it and end together.
  EXPECT_EQ(memory_cycles(ports(4, 4, 4), 60, 60, clock_hz), 10);
}

TEST(MemoryTime, RoundsUp) {
  EXPECT_EQ(memory_cycles(ports(8, none, none), 81, 0, clock_hz), 11);
  EXPECT_EQ(memory_cycles(ports(8, none, none), 1, 0, clock_hz), 1);
  EXPECT_EQ(memory_cycles(ports(8, none, none), 0, 0, clock_hz), 0);
}

TEST(MemoryTime, FollowsTheClock) {
  EXPECT_EQ(memory_cycles(ports(8, 8, none), 800, 0, clock_hz / 4), 25);
}

TEST(MemoryTime, ADirectionWithoutPortsIsFree) {
  EXPECT_EQ(memory_cycles(ports(8, none, none), 80, 800, clock_hz), 10);
}

TEST(MemoryTime, LargeCountsDoNotOverflow) {
  const std::int64_t bits = std::int64_t(1) << 60;
  EXPECT_EQ(memory_cycles({bits, bits, none}, bits, bits, clock_hz), clock_hz);
}

}  // namespace
}  // namespace loopsim
