#include <gtest/gtest.h>

#include "sim/attribution/EnergyCount.hpp"

namespace loopsim {
namespace {

TEST(ChargeNetwork, CountsHopsAndPaysForBits) {
  BoundTree tree;
  tree.architecture.noc = NocSettings();
  tree.architecture.noc->hop_pj_per_bit = 0.5;
  NocCounters::Network network;
  network.flit_hops = 100;
  network.bit_hops = 1'600;
  std::vector<EnergyMeasure> energy;
  charge_network(energy, tree, network);
  ASSERT_EQ(energy.size(), 1U);
  EXPECT_EQ(energy.front().component, "NoC");
  EXPECT_EQ(energy.front().action, "hop");
  EXPECT_EQ(energy.front().count, 100);
  EXPECT_EQ(energy.front().pj, 800);
}

TEST(ChargeNetwork, AddsNothingWhereNothingHops) {
  BoundTree tree;
  tree.architecture.noc = NocSettings();
  std::vector<EnergyMeasure> energy;
  charge_network(energy, tree, {});
  EXPECT_TRUE(energy.empty());
}

}  // namespace
}  // namespace loopsim
