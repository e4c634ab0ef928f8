#include <gtest/gtest.h>

#include "sim/buffers/BufferState.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {
namespace {

/// X is read in windows of 6 words, Y written in tiles of 4: two iterations.
struct BufferStateTest : ::testing::Test {
  HoldingIndex node(const std::string& tensor) const { return node_of(tree, nodes, tensor); }
  void hold(HoldingIndex n, const PointSet& held) {
    state.at(n).buffets[{}].held = held;
    state.change_held(n, {}, held.size());
  }

  BoundTree tree = tree_of_text(windows());
  Schedule schedule = make_schedule(tree);
  std::vector<HoldingNode> nodes = holding_nodes(tree, schedule);
  BufferState state{tree, schedule, nodes};
  HoldingIndex x = node("X");
};

TEST_F(BufferStateTest, TilesAreThoseOfTheIterations) {
  EXPECT_EQ(state.tile_words(x, 0, {}), words(0, 6));
  EXPECT_EQ(state.tile_words(x, 1, {}), words(4, 10));
  EXPECT_TRUE(state.tile_words(x, 2, {}).empty()) << "there are two";
  EXPECT_EQ(state.tile_words(node("W"), 0, {}), words(0, 3));
  EXPECT_TRUE(state.tile_words(x, 0, {7}).empty()) << "no such instance";
}

TEST_F(BufferStateTest, UseIsCountedByLevelWithItsPeak) {
  hold(x, words(0, 6));
  hold(node("Y"), words(0, 4));
  state.note_peak(LevelId(1));
  hold(x, words(4, 6));
  state.change_held(x, {}, -6);
  state.note_peak(LevelId(1));
  const LevelUsage::Peak& peak = state.usage().peaks().at(LevelId(1));
  EXPECT_EQ(peak.words, 10);
  EXPECT_EQ(peak.bits, 80) << "words of 8 bits";
  EXPECT_EQ(peak.words_by_node.at(nodes[x].id), 6);
  EXPECT_EQ(state.usage().most_words(LevelId(1)), 6);
}

TEST_F(BufferStateTest, LiveIsWhatAnIterationThatHasNotEndedOrTheNextOneReads) {
  hold(x, words(0, 6));
  state.at(x).opened = 0;
  state.next_iteration(x, 0) = 0;
  state.count_live(x);
  EXPECT_EQ(state.at(x).buffets[{}].live, 6);
  state.next_iteration(x, 0) = 1;
  state.count_live(x);
  EXPECT_EQ(state.at(x).buffets[{}].live, 2) << "4 and 5, of the next one";
  state.at(x).opened = 1;
  state.next_iteration(x, 0) = BufferState::no_more;
  state.count_live(x);
  EXPECT_EQ(state.at(x).buffets[{}].live, 0);
}

TEST_F(BufferStateTest, WhatHasToBeWrittenBackIsLive) {
  const HoldingIndex y = node("Y");
  hold(y, words(0, 4));
  state.at(y).buffets[{}].dirty = words(1, 3);
  state.next_iteration(y, 0) = BufferState::no_more;
  state.at(y).opened = 1;
  state.count_live(y);
  EXPECT_EQ(state.at(y).buffets[{}].live, 2);
}

TEST_F(BufferStateTest, ReleasedWordsAreInNoSet) {
  Buffet buffet;
  buffet.held = buffet.expected = buffet.valid = buffet.dirty = buffet.finished = words(0, 4);
  EXPECT_EQ(BufferState::release(buffet, words(2, 9)), 2);
  for (const PointSet& set : {buffet.held, buffet.expected, buffet.valid, buffet.dirty, buffet.finished})
    EXPECT_EQ(set, words(0, 2));
}

TEST_F(BufferStateTest, DrainsThatFreeSpaceAreCounted) {
  EXPECT_FALSE(state.writeback_pending(LevelId(1)));
  state.change_leaving(LevelId(1), 1);
  EXPECT_TRUE(state.writeback_pending(LevelId(1)));
  EXPECT_FALSE(state.writeback_pending(LevelId(0)));
  state.change_leaving(LevelId(1), -1);
  EXPECT_FALSE(state.writeback_pending(LevelId(1)));
}

TEST_F(BufferStateTest, AnEinsumThatDoesNotUseANodeIsAnError) {
  EXPECT_THROW(state.next_iteration(x, 5), std::logic_error);
}

}  // namespace
}  // namespace loopsim
