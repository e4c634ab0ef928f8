#include <gtest/gtest.h>
#include <map>
#include <regex>

#include "tests/house/SourceFiles.hpp"

namespace loopsim {
namespace {

/// Types that are defined outside of others.
std::vector<std::string> types_of(const SourceFile& file) {
  static const std::regex definition(R"(^(?:class|struct|enum class|enum) (\w+)(?: final)?(?: ?:[^:].*)? ?\{.*)");
  std::vector<std::string> names;
  std::smatch match;
  for (const std::string& line : file.lines) {
    if (std::regex_match(line, match, definition)) names.push_back(match[1]);
  }
  return names;
}

/// Two classes of one name in one namespace are one to the linker, whichever comes first.
TEST(TypeNames, OccurOnce) {
  std::map<std::string, std::string> known;
  for (const SourceFile& file : source_files()) {
    for (const std::string& name : types_of(file)) {
      const auto [first, added] = known.emplace(name, file.path);
      EXPECT_TRUE(added) << name << " is in " << first->second << " and in " << file.path;
    }
  }
  EXPECT_GT(known.size(), 500U);
}

TEST(TypeNames, AreFound) {
  const SourceFile file{"",
                        {"class Sequencer {", "struct Plan final : Base {", "enum class Kind { a, b };",
                         "struct Later;", "  struct Inner {", "struct Outer::State {", "class A : public B {"}};
  EXPECT_EQ(types_of(file), (std::vector<std::string>{"Sequencer", "Plan", "Kind", "A"}));
}

}  // namespace
}  // namespace loopsim
