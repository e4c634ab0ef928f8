#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "mapping/LayoutCandidates.hpp"
#include "mapping/LineMap.hpp"

namespace loopsim {
namespace {

std::string text_of(const LineWords& line) {
  std::string text;
  for (const auto& one : line) text += static_cast<char>('a' + one.dimension) + std::to_string(*one.words);
  return text;
}

std::set<std::string> lines_of(const std::vector<Interval>& extent, std::int64_t room,
                               const std::vector<std::vector<std::int64_t>>& wanted) {
  std::set<std::string> all;
  for (const LineWords& line : line_candidates(extent, room, wanted)) {
    EXPECT_TRUE(all.insert(text_of(line)).second) << text_of(line) << " comes twice";
  }
  return all;
}

TEST(LayoutCandidates, LinesOfOneDimensionOrTwo) {
  EXPECT_EQ(lines_of({{0, 64}, {0, 64}}, 8, {{}, {}}), (std::set<std::string>{"a8", "b8", "a2b4", "a4b2"}));
}

TEST(LayoutCandidates, ASmallDimensionIsTakenWhole) {
  // 16 words: all 3 of b beside 4 (or 5) of a; a power of two begins where tiles do.
  EXPECT_EQ(lines_of({{0, 64}, {0, 3}}, 16, {{}, {}}), (std::set<std::string>{"a16", "b3", "a2b3", "a4b3", "a8b2"}));
  EXPECT_EQ(lines_of({{0, 3}, {0, 64}}, 16, {{}, {}}), (std::set<std::string>{"a3", "b16", "a2b8", "a3b5", "a3b4"}));
}

TEST(LayoutCandidates, CountsThatStepsWant) {
  const auto lines = lines_of({{0, 56}, {0, 56}}, 16, {{14}, {}});
  EXPECT_EQ(lines.count("a14"), 1U);
  EXPECT_EQ(lines_of({{0, 56}, {0, 56}}, 16, {{}, {}}).count("a14"), 0U);
}

TEST(LayoutCandidates, OrdersOfDimensionsWithSeveralLines) {
  const auto orders = order_candidates({{0, 8}, {0, 3}, {0, 4}}, {{2, 4}});
  EXPECT_EQ(orders, (std::vector<std::vector<std::size_t>>{{2, 0, 1}, {2, 1, 0}}));
  EXPECT_EQ(order_candidates({{0, 2}, {0, 2}, {0, 2}, {0, 2}, {0, 2}, {0, 2}}, {}).size(), 6U);
  EXPECT_EQ(order_candidates({{0, 1}}, {}).size(), 1U);
}

RC_GTEST_PROP(LayoutCandidates, FitTheLine, ()) {
  const auto dimensions = *rc::gen::inRange<std::size_t>(1, 5);
  std::vector<Interval> extent;
  std::vector<std::vector<std::int64_t>> wanted(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    const auto low = *rc::gen::inRange<Coordinate>(-3, 4);
    extent.push_back({low, low + *rc::gen::inRange<Coordinate>(1, 40)});
    wanted[d].push_back(*rc::gen::inRange<std::int64_t>(1, 20));
  }
  const auto room = *rc::gen::inRange<std::int64_t>(1, 40);
  const auto lines = line_candidates(extent, room, wanted);
  RC_ASSERT(!lines.empty());
  for (const LineWords& line : lines) {
    for (const auto& order : order_candidates(extent, line)) {
      RC_ASSERT(order.size() == dimensions);
      RC_ASSERT(make_line_map({order, line}, extent, room).words_in_line <= room);
    }
  }
}

}  // namespace
}  // namespace loopsim
