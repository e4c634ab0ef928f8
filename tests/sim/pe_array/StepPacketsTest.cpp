// Words of a step become packets.

#include <gtest/gtest.h>

#include "sim/pe_array/StepPackets.hpp"

namespace loopsim {
namespace {

const std::vector<PeNode> first{{0, 0}};
const std::vector<PeNode> second{{1, 0}};
const std::vector<PeNode> both{{0, 0}, {1, 0}};

ArrayPoint lines_of_four(bool output) {
  ArrayPoint point;
  point.parent_level = LevelId(1);
  point.parent_bits = 8;
  point.packet_bits = 32;
  point.operand = 2;
  point.traffic.output = output;
  return point;
}

StepPacket packet(bool sum, std::int64_t words, std::vector<PeNode> nodes, std::int64_t count) {
  return {sum, LevelId(1), 2, 8 * words, std::move(nodes), count};
}

TEST(StepPackets, WordsOfTheSamePesFillLines) {
  const std::vector<WordShare> shares{{3, false, first}, {1, false, both}, {6, false, first}, {2, false, second}};
  EXPECT_EQ(packets_of(shares, lines_of_four(false)),
            (std::vector{packet(false, 4, first, 2), packet(false, 1, first, 1), packet(false, 1, both, 1),
                         packet(false, 2, second, 1)}));
}

TEST(StepPackets, AWordWiderThanALineIsAPacket) {
  ArrayPoint point = lines_of_four(false);
  point.parent_bits = 64;
  EXPECT_EQ(packets_of({{5, false, first}}, point), (std::vector{StepPacket{false, LevelId(1), 2, 64, first, 5}}));
}

TEST(StepPackets, PartialSumsGoToOnePeAndSumsComeFromAll) {
  const std::vector<WordShare> shares{{2, false, both}, {2, false, first}, {4, true, both}};
  EXPECT_EQ(packets_of(shares, lines_of_four(true)), (std::vector{packet(false, 4, first, 1), packet(true, 2, first, 1),
                                                                  packet(true, 4, both, 1), packet(true, 2, both, 1)}));
}

TEST(StepPackets, ManyWordsAreFewPacketsWithACount) {
  EXPECT_EQ(packets_of({{4'000'000'000, false, first}}, lines_of_four(false)),
            (std::vector{packet(false, 4, first, 1'000'000'000)}));
}

}  // namespace
}  // namespace loopsim
