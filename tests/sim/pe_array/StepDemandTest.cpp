#include <gtest/gtest.h>

#include "sim/pe_array/StepDemand.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t clock_hz = 1'000'000'000;

PortBandwidth ports(std::optional<std::int64_t> read, std::optional<std::int64_t> write,
                    std::optional<std::int64_t> shared) {
  const auto per_second = [](std::optional<std::int64_t> bits_per_cycle) {
    return bits_per_cycle ? std::optional<std::int64_t>(*bits_per_cycle * clock_hz) : std::nullopt;
  };
  return {per_second(read), per_second(write), per_second(shared)};
}

}  // namespace

TEST(PortCycles, UnlimitedPortsTakeNoTime) {
  EXPECT_EQ(port_cycles({}, clock_hz, 1000, 1000), 0);
}

TEST(PortCycles, SeparatePortsOverlap) {
  EXPECT_EQ(port_cycles(ports(8, 4, {}), clock_hz, 64, 16), 8);
}

TEST(PortCycles, ASharedPortServesBothInTurn) {
  EXPECT_EQ(port_cycles(ports({}, {}, 8), clock_hz, 64, 16), 10);
}

TEST(PortCycles, ASharedPortHelpsTheBusierSide) {
  EXPECT_EQ(port_cycles(ports(8, 8, 8), clock_hz, 160, 16), 10);  // all of it to the reads
  EXPECT_EQ(port_cycles(ports(8, 8, 8), clock_hz, 16, 160), 10);
  EXPECT_EQ(port_cycles(ports(8, 8, 8), clock_hz, 120, 120), 10);  // shared between them
}

TEST(PortCycles, PartsOfACycleAreRoundedUp) {
  EXPECT_EQ(port_cycles(ports(8, {}, {}), clock_hz, 1, 0), 1);
  EXPECT_EQ(port_cycles(ports(8, {}, {}), clock_hz, 9, 0), 2);
}

TEST(PortCycles, LargeAmountsDoNotOverflow) {
  EXPECT_EQ(port_cycles(ports(1, {}, {}), clock_hz, std::int64_t{1} << 40, 0), std::int64_t{1} << 40);
}

class DemandTableTest : public ::testing::Test {
 protected:
  DemandTableTest() {
    tree_.graph.einsums.push_back({});
    tree_.graph.einsums[EinsumId(0)].steps_per_operation = 2;
    tree_.architecture = ideal_architecture(4);
    tree_.architecture.clock_hz = clock_hz;
    tree_.architecture.memories[2].bandwidth = ports(8, 8, {});
  }
  BoundTree tree_;
};

TEST_F(DemandTableTest, TheBusiestInstanceOfALevelCounts) {
  DemandTable demands(tree_, EinsumId(0));
  const std::size_t here = demands.slot_outside(LevelId(1), {0});
  const std::size_t there = demands.slot_outside(LevelId(1), {1});
  ASSERT_NE(here, there);
  StepDemand bits(there + 2);
  bits[here] = 64;
  bits[there] = 32;
  bits[there + 1] = 16;
  const ArrayStep& step = demands.step_of(demands.intern(bits, TensorId(1)));
  EXPECT_EQ(step.read_bits, (std::vector<std::int64_t>{0, 64}));
  EXPECT_EQ(step.write_bits, (std::vector<std::int64_t>{0, 16}));
  EXPECT_EQ(step.cycles_per_step, 2);
}

TEST_F(DemandTableTest, AStepNamesTheTensorThatTakesMostOfAPort) {
  DemandTable demands(tree_, EinsumId(0));
  const std::size_t slot = demands.slot_outside(LevelId(1), {});
  const auto read = [&](std::int64_t bits, std::size_t tensor) {
    StepDemand demand(slot + 1);
    demand[slot] = bits;
    return demands.intern(demand, TensorId(tensor));
  };
  const DemandId first = demands.add(read(40, 1), read(64, 2));
  EXPECT_EQ(demands.step_of(first).most_read[1], TensorId(2));
  // The same tensor twice is more than another once.
  const DemandId both = demands.add(demands.add(read(48, 0), read(32, 0)), read(72, 2));
  EXPECT_EQ(demands.step_of(both).most_read[1], TensorId(0));
  EXPECT_EQ(demands.step_of(both).read_bits[1], 152);
  EXPECT_EQ(demands.step_of(both).einsum, EinsumId(0));
}

TEST_F(DemandTableTest, ASlowPrivatePortLengthensTheStep) {
  DemandTable demands(tree_, EinsumId(0));
  ASSERT_TRUE(demands.is_limited(LevelId(2)));
  ASSERT_FALSE(demands.is_limited(LevelId(1)));
  const std::size_t slot = demands.slot_private(LevelId(2));
  StepDemand bits(slot + 2);
  bits[slot + 1] = 24;
  const DemandId one = demands.intern(bits, TensorId(1));
  EXPECT_EQ(demands.step_of(one).cycles_per_step, 3);
  EXPECT_EQ(demands.step_of(demands.add(one, one)).cycles_per_step, 6);
  EXPECT_EQ(demands.add(one, 0), one);
}

}  // namespace loopsim
