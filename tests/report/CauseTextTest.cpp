#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <string>

#include "report/CauseText.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

/// The closed list is the table of docs/comparison.md whose rows are `cause` | of | why.
TEST(CauseText, EveryCauseOfTheListHasOne) {
  std::ifstream page(source_folder() / "docs/comparison.md");
  static const std::regex row(R"(^\| `([a-z_.]+)` \| [a-z_, ]+ \| .*)");
  int causes = 0;
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    ++causes;
    EXPECT_NE(cause_text(match[1].str()), "") << match[1];
    // Behind subject, cause and amount there is room for this much.
    EXPECT_LE(cause_text(match[1].str()).size(), 34U) << match[1];
  }
  EXPECT_GT(causes, 20);
}

TEST(CauseText, OthersHaveNone) {
  EXPECT_EQ(cause_text("no_cause"), "");
}

}  // namespace
}  // namespace loopsim
