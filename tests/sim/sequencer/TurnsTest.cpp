#include <gtest/gtest.h>

#include "sim/sequencer/Turns.hpp"
#include "tests/sim/schedule/ScheduleTesting.hpp"

namespace loopsim {
namespace {

TileOperation operation(LeafIndex leaf, std::int64_t iteration) {
  TileOperation result;
  result.leaf = leaf;
  result.iteration = {iteration};
  return result;
}

struct TurnsTest : ::testing::Test {
  void start(const std::string& branch) {
    tree = tree_of_text(two_layers(branch, 8));  // four tiles
    schedule = make_schedule(tree);
    turns.emplace(tree, schedule);
    set(0, 0);
  }
  void set(std::int64_t f, std::int64_t g) {
    turns->set(0, std::vector<std::int64_t>{f});
    turns->set(1, std::vector<std::int64_t>{g});
  }
  Turn f(std::int64_t iteration) const { return turns->of(operation(0, iteration)); }
  Turn g(std::int64_t iteration) const { return turns->of(operation(1, iteration)); }

  BoundTree tree;
  Schedule schedule;
  std::optional<Turns> turns;
};

TEST_F(TurnsTest, ChildrenOfASequentialFollowEachOther) {
  start("sequential");
  EXPECT_EQ(f(0), Turn::now);
  EXPECT_EQ(g(0), Turn::dependency) << "their array is the same";
  set(1, 0);
  EXPECT_EQ(g(0), Turn::now);
  EXPECT_EQ(f(1), Turn::dependency);
  set(1, 1);
  EXPECT_EQ(f(1), Turn::now);
}

TEST_F(TurnsTest, APipelineHandsOverThroughTwoSlots) {
  start("pipeline");
  EXPECT_EQ(f(0), Turn::now);
  EXPECT_EQ(g(0), Turn::dependency);
  EXPECT_EQ(f(1), Turn::now) << "the second slot";
  EXPECT_EQ(f(2), Turn::slot) << "G has both tiles still to do";
  set(2, 0);
  EXPECT_EQ(g(0), Turn::now);
  EXPECT_EQ(f(2), Turn::slot);
  set(2, 1);
  EXPECT_EQ(f(2), Turn::now);
}

TEST_F(TurnsTest, WhoHasNothingLeftHoldsNobodyUp) {
  start("pipeline");
  turns->set(0, std::nullopt);
  EXPECT_EQ(g(3), Turn::now);
}

}  // namespace
}  // namespace loopsim
