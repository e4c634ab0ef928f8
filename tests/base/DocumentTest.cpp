#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/Document.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  parse_text(text, diagnostics);
  return messages(diagnostics);
}

TEST(Document, KnowsWhereEverythingStands) {
  Diagnostics diagnostics;
  const auto root = parse_text("a: 1\nb:\n  - {c: two}\n", diagnostics);
  ASSERT_TRUE(root && root->is_map());
  EXPECT_EQ(describe(root->entries[1].key_where), "test.yaml:2:1");
  const auto item = root->entries[1].value->items[0];
  EXPECT_EQ(describe(item->where), "test.yaml:3:5");
  EXPECT_EQ(describe(item->entries[0].value->where), "test.yaml:3:9");
  EXPECT_EQ(item->entries[0].value->text, "two");
}

TEST(Document, KeepsTags) {
  Diagnostics diagnostics;
  const auto root = parse_text("- !Component {name: x}\n- 'quoted'\n- ~\n", diagnostics);
  EXPECT_EQ(root->items[0]->tag, "!Component");
  EXPECT_EQ(root->items[1]->tag, "");
  EXPECT_TRUE(root->items[1]->quoted);
  EXPECT_TRUE(root->items[2]->is_null());
}

TEST(Document, ReportsDuplicateKeysWithBothPlaces) {
  EXPECT_EQ(errors_of("a: 1\nb: 2\na: 3\n"), "test.yaml:3:1: key 'a' is given twice; first at test.yaml:1:1\n");
}

TEST(Document, ResolvesMerges) {
  Diagnostics diagnostics;
  const auto root = parse_text(
      "base: &base {x: 1, y: 2}\nother: &other {y: 3, z: 4}\n"
      "one: {<<: *base, x: 5}\nlist: {<<: [*base, *other]}\n",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  const auto one = find_key(*root, "one");
  EXPECT_EQ(find_key(*one, "x")->text, "5");
  EXPECT_EQ(find_key(*one, "y")->text, "2");
  const auto list = find_key(*root, "list");
  EXPECT_EQ(list->entries.size(), 3U);
  EXPECT_EQ(find_key(*list, "y")->text, "2");
  EXPECT_EQ(find_key(*list, "z")->text, "4");
  EXPECT_THAT(errors_of("a: {<<: 3}"), HasSubstr("merges maps"));
}

TEST(Document, RefusesAnAliasInsideItself) {
  EXPECT_THAT(errors_of("a: &a [*a]"), HasSubstr("within the very node"));
}

TEST(Document, RefusesDeepNesting) {
  EXPECT_THAT(errors_of(std::string(20000, '[')), HasSubstr("test.yaml"));
  EXPECT_THAT(errors_of(std::string(300, '[') + std::string(300, ']')), HasSubstr("nested more than"));
  // The same depth by way of aliases.
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 1000; ++i)
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  EXPECT_THAT(errors_of(text), HasSubstr("nested more than"));
}

TEST(Document, SurvivesAliasesThatMultiply) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  EXPECT_EQ(errors_of(text), "");
}

TEST(Document, RecognisesWhatIsNotYaml) {
  EXPECT_THAT(errors_of(""), HasSubstr("test.yaml: the file is empty"));
  EXPECT_THAT(errors_of("# only a comment\n"), HasSubstr("empty"));
  EXPECT_THAT(errors_of("---\n...\n"), HasSubstr("empty"));
  EXPECT_THAT(errors_of(std::string("a: b\0c", 6)), HasSubstr("not a text in UTF-8: byte 4 is 0x00"));
  EXPECT_THAT(errors_of("a: \xff\xfe"), HasSubstr("not a text"));
  EXPECT_THAT(errors_of("a:\n\tb: 1\n"), HasSubstr("tab"));
  EXPECT_THAT(errors_of("a: [1, 2"), HasSubstr("cut off"));
  EXPECT_THAT(errors_of("a: 'b"), HasSubstr("not valid YAML"));
  EXPECT_THAT(errors_of("a: *nowhere"), HasSubstr("anchor"));
  EXPECT_THAT(errors_of("a: 1\n---\nb: 2\n"), HasSubstr("test.yaml:3:1: a second document"));
  EXPECT_THAT(errors_of("{a: 1}: 2"), HasSubstr("a key must be a word"));
}

TEST(Document, RecognisesJinja) {
  EXPECT_THAT(errors_of("a: {{ x }}\n"), HasSubstr("test.yaml:1:4: this is a Jinja template"));
  EXPECT_THAT(errors_of("a: 1\n{% for x in y %}\n"), HasSubstr("test.yaml:2:1: this is a Jinja template"));
  EXPECT_EQ(errors_of("a: 1  # not {{ here }}\n"), "");
}

TEST(Document, PlacesWithinScalars) {
  Diagnostics diagnostics;
  const auto root = parse_text("a: '[ P, Q ]'\nb: one\n  two\n", diagnostics);
  EXPECT_EQ(describe(position_within(*find_key(*root, "a"), 5)), "test.yaml:1:10");
  EXPECT_EQ(describe(position_within(*find_key(*root, "b"), 5)), "test.yaml:2:4");
}

TEST(Document, HyphensEqualUnderscores) {
  EXPECT_TRUE(same_key("data-spaces", "data_spaces"));
  EXPECT_FALSE(same_key("data_space", "data_spaces"));
}

}  // namespace
}  // namespace loopsim
