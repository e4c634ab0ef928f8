#include <gtest/gtest.h>

#include "sim/buffers/LevelUsage.hpp"

namespace loopsim {
namespace {

const LevelId level(1);

TEST(LevelUsage, NothingIsInUseAtFirst) {
  const LevelUsage usage;
  EXPECT_EQ(usage.most_bits(level, {}), 0);
  EXPECT_EQ(usage.most_words(level), 0);
  EXPECT_TRUE(usage.peaks().empty());
}

/// A node above the loops over the instances takes space in each of them.
TEST(LevelUsage, AnInstanceHoldsItsOwnWordsAndThoseAboveTheLoop) {
  LevelUsage usage;
  usage.at(level, {}) = {10, 10, 80};
  usage.at(level, {0}) = {3, 3, 24};
  usage.at(level, {1}) = {5, 5, 40};
  usage.at(level, {1, 2}) = {2, 2, 16};
  EXPECT_EQ(usage.most_bits(level, {0}), 80 + 24);
  EXPECT_EQ(usage.most_bits(level, {1}), 80 + 40 + 16) << "the fullest at or below the place";
  EXPECT_EQ(usage.most_bits(level, {1, 0}), 80 + 40) << "beside it";
  EXPECT_EQ(usage.most_bits(level, {2}), 80);
  EXPECT_EQ(usage.most_bits(level, {}), 80 + 40 + 16);
  EXPECT_EQ(usage.most_words(level), 10 + 5 + 2);
  EXPECT_EQ(usage.most_words(LevelId(0)), 0) << "levels do not mix";
}

TEST(LevelUsage, APeakOfBitsSaysWhereItWas) {
  LevelUsage usage;
  Place where;
  usage.at(level, {0}) = {3, 1, 24};
  usage.at(level, {1}) = {2, 2, 64};
  EXPECT_TRUE(usage.note_peak(level, where));
  EXPECT_EQ(where, Place{1}) << "the most bits, not the most words";
  const LevelUsage::Peak& peak = usage.peaks().at(level);
  EXPECT_EQ(peak.bits, 64);
  EXPECT_EQ(peak.words, 3) << "each is a maximum of its own";
  EXPECT_EQ(peak.live_words, 2);
}

TEST(LevelUsage, APeakStaysWhenLessIsHeld) {
  LevelUsage usage;
  Place where;
  usage.at(level, {}) = {4, 4, 32};
  usage.note_peak(level, where);
  usage.at(level, {}) = {1, 1, 8};
  EXPECT_FALSE(usage.note_peak(level, where));
  usage.at(level, {}) = {4, 4, 32};
  EXPECT_FALSE(usage.note_peak(level, where)) << "as much is no more";
  usage.at(level, {}) = {4, 5, 32};
  EXPECT_FALSE(usage.note_peak(level, where)) << "bits alone decide";
  EXPECT_EQ(usage.peaks().at(level).live_words, 5);
  EXPECT_EQ(usage.peaks().at(level).words, 4);
  EXPECT_EQ(usage.peaks().at(level).bits, 32);
}

}  // namespace
}  // namespace loopsim
