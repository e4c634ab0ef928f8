#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mapping/LayoutText.hpp"

namespace loopsim {
namespace {

TEST(LayoutText, LettersWhereTheyNameTheDimensions) {
  const DataLayout layout{{1, 2, 0}, {{0, 4}, {2, 8}}};
  EXPECT_EQ(layout_text(layout, {"Fmap1_C", "Fmap1_H", "Fmap1_W"}), "HWC_C4W8");
  EXPECT_EQ(layout_text(layout, {"c", "h", "w"}), "HWC_C4W8");
  EXPECT_EQ(layout_text({{1, 0}, {{0, std::nullopt}}}, {"M1", "K1"}), "KM_M");
}

TEST(LayoutText, NamesWhereLettersDoNot) {
  const DataLayout layout{{0, 2, 1}, {{2, 4}, {1, 2}}};
  EXPECT_EQ(layout_text(layout, {"in_C", "out_C", "Width"}), "in_C, Width, out_C / Width:4, out_C:2");
}

/// Of names some of which have the same letter.
RC_GTEST_PROP(LayoutText, IsReadAsTheLayoutThatItSays, ()) {
  const auto dimensions = *rc::gen::inRange<std::size_t>(1, 5);
  const std::vector<std::string> parts = {"C", "C1", "Col", "W", "x2", "_H", "in_C", "Fmap1_R", "T_2", "T_H1"};
  std::vector<std::string> names;
  while (names.size() < dimensions) {
    const std::string name = *rc::gen::elementOf(parts);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  DataLayout layout = row_major(dimensions);
  layout.in_line.clear();
  for (std::size_t d = dimensions; d > 1; --d) {
    std::swap(layout.order[d - 1], layout.order[*rc::gen::inRange<std::size_t>(0, d)]);
  }
  for (std::size_t d = 0; d < dimensions; ++d) {
    if (*rc::gen::arbitrary<bool>()) layout.in_line.push_back({d, *rc::gen::inRange<std::int64_t>(1, 40)});
  }
  const std::string text = layout_text(layout, names);
  Diagnostics diagnostics;
  const auto read = parse_layout(text, "T", names, {}, diagnostics);
  RC_LOG() << text << '\n';
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->order == layout.order);
  RC_ASSERT(read->in_line.size() == layout.in_line.size());
  for (std::size_t i = 0; i < layout.in_line.size(); ++i) {
    RC_ASSERT(read->in_line[i].dimension == layout.in_line[i].dimension);
    RC_ASSERT(read->in_line[i].words == layout.in_line[i].words);
  }
}

}  // namespace
}  // namespace loopsim
