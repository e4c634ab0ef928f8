#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/Diagnostics.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SourcePosition at(const std::string& text, int line, int column) {
  return {std::make_shared<SourceText>(SourceText{"a.yaml", text}), line, column};
}

TEST(Diagnostics, PointsAtTheColumn) {
  EXPECT_EQ(render({Severity::error, at("x: 1\n  width: 2x56\n", 2, 10), "expected an integer"}),
            "a.yaml:2:10: error: expected an integer\n"
            "    2 |   width: 2x56\n"
            "      |          ^\n");
}

TEST(Diagnostics, KeepsTabsAboveTheCaret) {
  EXPECT_THAT(render({Severity::warning, at("\tabc", 1, 3), "m"}), HasSubstr("| \t ^"));
}

TEST(Diagnostics, CountsCharactersNotBytes) {
  EXPECT_THAT(render({Severity::error, at("ä: b", 1, 5), "m"}), HasSubstr("|    ^\n"));
}

TEST(Diagnostics, WholeFileHasNoExcerpt) {
  EXPECT_EQ(render({Severity::error, at("x", 0, 0), "m"}), "a.yaml: error: m\n");
  EXPECT_EQ(render({Severity::note, {}, "m"}), "note: m\n");
}

TEST(Diagnostics, CutsLongLinesAroundTheColumn) {
  const std::string text = std::string(5000, 'a') + "!" + std::string(5000, 'b');
  const std::string shown = render({Severity::error, at(text, 1, 5001), "m"});
  EXPECT_LT(shown.size(), 500U);
  EXPECT_THAT(shown, HasSubstr("a!b"));
}

TEST(Diagnostics, MasksControlCharacters) {
  EXPECT_THAT(render({Severity::error, at("a\x1b[31mb", 1, 1), "m"}), Not(HasSubstr("\x1b")));
}

TEST(Diagnostics, SaysHowManyAreLeftOut) {
  Diagnostics diagnostics;
  for (int i = 0; i < 60; ++i) diagnostics.error({}, "m" + std::to_string(i));
  const std::string text = render_all(diagnostics.all(), false, 50);
  EXPECT_THAT(text, HasSubstr("m49"));
  EXPECT_THAT(text, Not(HasSubstr("m50")));
  EXPECT_THAT(text, HasSubstr("and 10 more"));
}

TEST(Diagnostics, OnlyErrorsAreErrors) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "w");
  diagnostics.note({}, "n");
  EXPECT_FALSE(diagnostics.has_errors());
  Diagnostics more;
  more.error({}, "e");
  diagnostics.append(more);
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.all().size(), 3U);
}

/// A name that is misspelt throughout is one message.
TEST(Diagnostics, WhatIsSaidTwiceIsShownOnce) {
  const auto source = std::make_shared<SourceText>(SourceText{"a.yaml", "abc\ndef\nghi\n"});
  Diagnostics diagnostics;
  diagnostics.error({source, 1, 2}, "unknown");
  diagnostics.error({source, 1, 2}, "unknown");
  diagnostics.error({source, 2, 1}, "another");
  diagnostics.error({source, 2, 3}, "unknown");
  diagnostics.error(at("x", 1, 1), "unknown");
  diagnostics.warning({source, 3, 1}, "unknown");
  const std::string text = render_all(diagnostics.all());
  EXPECT_THAT(text,
              HasSubstr("a.yaml:1:2: error: unknown\n    1 | abc\n      |  ^\nnote: the same at 2:3, a.yaml:1:1\n"));
  EXPECT_THAT(text, HasSubstr("a.yaml:2:1: error: another\n"));
  EXPECT_THAT(text, HasSubstr("a.yaml:3:1: warning: unknown\n"));
  EXPECT_EQ(text.find("error: unknown"), text.rfind("error: unknown"));
}

TEST(Diagnostics, ManyPlacesAreNotListedWhole) {
  const auto source = std::make_shared<SourceText>(SourceText{"a.yaml", "abc\n"});
  Diagnostics diagnostics;
  for (int column = 1; column <= 40; ++column) diagnostics.error({source, 1, column}, "m");
  EXPECT_THAT(render_all(diagnostics.all()), HasSubstr("the same at 1:2, 1:3, 1:4, 1:5, 1:6 and 34 more places\n"));
}

TEST(Diagnostics, NearestSpelling) {
  const std::vector<std::string> words = {"tile_shape", "rank", "factor", "target"};
  EXPECT_EQ(nearest_spelling("tile_shpae", words), "tile_shape");
  EXPECT_EQ(nearest_spelling("Factor", words), "factor");
  EXPECT_EQ(nearest_spelling("targe", words), "target");
  EXPECT_EQ(nearest_spelling("bandwidth", words), std::nullopt);
  EXPECT_EQ(nearest_spelling("", words), std::nullopt);
  EXPECT_EQ(nearest_spelling("til", words), "tile_shape");
  EXPECT_EQ(nearest_spelling("ti", words), std::nullopt);
  EXPECT_EQ(nearest_spelling("x", {}), std::nullopt);
  // Of short names every other one differs by a letter.
  EXPECT_EQ(nearest_spelling("R1", {"P1", "C1"}), std::nullopt);
  EXPECT_EQ(nearest_spelling("p1", {"P1", "C1"}), "P1");
}

TEST(Diagnostics, AnArgumentHasNoLines) {
  const auto argument = std::make_shared<SourceText>(SourceText{"--set a.b=x", "a.b=x", true});
  Diagnostic diagnostic;
  diagnostic.where = {argument, 1, 5};
  diagnostic.message = "wrong";
  EXPECT_EQ(describe(diagnostic.where), "--set a.b=x");
  EXPECT_EQ(render(diagnostic), "--set a.b=x: error: wrong\n");
}

}  // namespace
}  // namespace loopsim
