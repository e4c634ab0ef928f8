#include <gtest/gtest.h>

#include "sim/buffers/Plan.hpp"

namespace loopsim {
namespace {

TEST(Plan, AnInstanceHoldsItsOwnBitsAndThoseAboveItsLoops) {
  const LevelBits bits{{{LevelId(1), {}}, 100},
                       {{LevelId(1), {0}}, 10},
                       {{LevelId(1), {1}}, 20},
                       {{LevelId(1), {1, 4}}, 3},
                       {{LevelId(2), {1}}, 1000}};
  EXPECT_EQ(bits_of_instance(bits, {LevelId(1), {}}), 100);
  EXPECT_EQ(bits_of_instance(bits, {LevelId(1), {0}}), 110);
  EXPECT_EQ(bits_of_instance(bits, {LevelId(1), {1, 4}}), 123);
  EXPECT_EQ(bits_of_instance(bits, {LevelId(2), {1}}), 1000);
  EXPECT_EQ(bits_of_instance(bits, {LevelId(0), {}}), 0);
}

}  // namespace
}  // namespace loopsim
