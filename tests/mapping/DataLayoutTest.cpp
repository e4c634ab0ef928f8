#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "mapping/DataLayout.hpp"
#include "mapping/LineMap.hpp"

namespace loopsim {
namespace {

const std::vector<std::string> chw = {"Fmap1_C", "Fmap1_H", "Fmap1_W"};

std::optional<DataLayout> parse(const std::string& text, const std::vector<std::string>& dimensions = chw) {
  Diagnostics diagnostics;
  return parse_layout(text, "Fmap1", dimensions, {}, diagnostics);
}

std::string error_of(const std::string& text, const std::vector<std::string>& dimensions = chw) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_layout(text, "Fmap1", dimensions, {}, diagnostics)) << text;
  EXPECT_TRUE(diagnostics.has_errors()) << text;
  return diagnostics.all().empty() ? "" : diagnostics.all().front().message;
}

TEST(DataLayout, LettersNameDimensionsByTheirLastPart) {
  const auto layout = parse("HWC_C4W8");
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->order, (std::vector<std::size_t>{1, 2, 0}));
  ASSERT_EQ(layout->in_line.size(), 2U);
  EXPECT_EQ(layout->in_line[0].dimension, 0U);
  EXPECT_EQ(layout->in_line[0].words, 4);
  EXPECT_EQ(layout->in_line[1].dimension, 2U);
  EXPECT_EQ(layout->in_line[1].words, 8);
}

TEST(DataLayout, CaseAndDigitsInNamesDoNotMatter) {
  const auto layout = parse("mk_k32", {"M1", "K1"});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->order, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(layout->in_line.front().words, 32);
}

TEST(DataLayout, ACountLeftOutFillsTheLine) {
  const auto layout = parse("HWC_C");
  ASSERT_TRUE(layout);
  EXPECT_FALSE(layout->in_line.front().words);
}

TEST(DataLayout, DimensionsLeftOutGoOutermost) {
  const auto layout = parse("C_C8");
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->order, (std::vector<std::size_t>{1, 2, 0}));
}

TEST(DataLayout, NamesServeWhereLettersDoNot) {
  const std::vector<std::string> dimensions = {"in_C", "out_C", "Width"};
  EXPECT_NE(error_of("CW_W8", dimensions).find("in_C or out_C"), std::string::npos);
  const auto layout = parse("in_C, Width, out_C / Width:4, out_C:2", dimensions);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->order, (std::vector<std::size_t>{0, 2, 1}));
  ASSERT_EQ(layout->in_line.size(), 2U);
  EXPECT_EQ(layout->in_line[1].dimension, 1U);
  EXPECT_EQ(layout->in_line[1].words, 2);
}

TEST(DataLayout, SaysWhatIsWrong) {
  EXPECT_NE(error_of("HXC_C32").find("'X' is no dimension"), std::string::npos);
  EXPECT_NE(error_of("HWC_C0").find("expected a count"), std::string::npos);
  EXPECT_NE(error_of("HWC_C99999999999").find("expected a count"), std::string::npos);
  EXPECT_NE(error_of("HHW_C4").find("twice in the order"), std::string::npos);
  EXPECT_NE(error_of("HWC_C4C2").find("twice in a line"), std::string::npos);
  EXPECT_NE(error_of("HWC_CW").find("only one dimension"), std::string::npos);
  EXPECT_NE(error_of("HWC_").find("expected what a line holds"), std::string::npos);
  EXPECT_NE(error_of("_C4").find("expected the order"), std::string::npos);
  EXPECT_NE(error_of("H4W_C4").find("counts belong behind"), std::string::npos);
  error_of("");
}

TEST(LineMap, WordsOfALineAreTheInnerPartOfTheLayout) {
  const LineMap map = make_line_map(*parse("HWC_C4W8"), {{0, 8}, {0, 2}, {0, 16}}, 32);
  EXPECT_EQ(map.lines, 2 * 2 * 2);  // 2 rows, 2 groups of 8 columns, 2 of 4 channels
  EXPECT_EQ(map.words_in_line, 32);
  EXPECT_EQ(map.line_of({0, 0, 0}), 0);
  EXPECT_EQ(map.line_of({3, 0, 7}), 0);
  EXPECT_EQ(map.place_of({3, 0, 7}), 31);
  EXPECT_EQ(map.place_of({1, 0, 0}), 8);
  EXPECT_EQ(map.line_of({4, 0, 0}), 1);  // channels go fastest
  EXPECT_EQ(map.line_of({0, 0, 8}), 2);
  EXPECT_EQ(map.line_of({0, 1, 0}), 4);
}

TEST(LineMap, TheDefaultIsRowMajor) {
  const LineMap map = make_line_map(row_major(2), {{0, 3}, {0, 10}}, 4);
  EXPECT_EQ(map.line_of({0, 3}), 0);
  EXPECT_EQ(map.line_of({0, 4}), 1);
  EXPECT_EQ(map.line_of({1, 0}), 3);  // a row takes 3 lines, the last one half empty
}

RC_GTEST_PROP(LineMap, PutsEveryWordInAPlaceOfItsOwn, ()) {
  const auto dimensions = *rc::gen::inRange<std::size_t>(1, 4);
  DataLayout layout = row_major(dimensions);
  for (std::size_t d = dimensions; d > 1; --d) {
    std::swap(layout.order[d - 1], layout.order[*rc::gen::inRange<std::size_t>(0, d)]);
  }
  layout.in_line.clear();
  std::int64_t counted = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    if (*rc::gen::arbitrary<bool>()) continue;
    const auto words = *rc::gen::inRange<std::int64_t>(1, 5);
    counted *= words;
    layout.in_line.push_back({d, words});
  }
  if (!layout.in_line.empty() && *rc::gen::arbitrary<bool>()) layout.in_line.front().words.reset();
  std::vector<Interval> extent;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const auto low = *rc::gen::inRange<Coordinate>(-3, 4);
    extent.push_back({low, low + *rc::gen::inRange<Coordinate>(1, 8)});
  }
  const std::int64_t room = counted + *rc::gen::inRange<std::int64_t>(0, 4);
  const LineMap map = make_line_map(layout, extent, room);
  RC_ASSERT(map.words_in_line <= room);
  std::set<std::pair<std::int64_t, std::int64_t>> taken;
  std::vector<Coordinate> word;
  for (const Interval range : extent) word.push_back(range.low);
  for (bool more = true; more;) {
    const std::int64_t line = map.line_of(word);
    const std::int64_t place = map.place_of(word);
    RC_ASSERT(line >= 0 && line < map.lines);
    RC_ASSERT(place >= 0 && place < map.words_in_line);
    RC_ASSERT(taken.emplace(line, place).second);
    more = false;
    for (std::size_t d = 0; d < dimensions && !more; ++d) {
      more = ++word[d] < extent[d].high;
      if (!more) word[d] = extent[d].low;
    }
  }
}

}  // namespace
}  // namespace loopsim
