#include <gtest/gtest.h>

#include "tests/TestPaths.hpp"
#include "tests/docs/ConsoleBlock.hpp"

namespace loopsim {
namespace {

TEST(ConsoleBlock, SplitsCommandsFromTheirOutput) {
  const auto commands = commands_of({"$ one \\", "  two", "shown", "", "$ three"});
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].command, "one \\\n  two");
  EXPECT_EQ(commands[0].output, (std::vector<std::string>{"shown", ""}));
  EXPECT_EQ(commands[1].command, "three");
  EXPECT_TRUE(commands[1].output.empty());
}

TEST(ConsoleBlock, ComparesOutput) {
  EXPECT_TRUE(matches({"a", "b"}, {"a", "b"}));
  EXPECT_FALSE(matches({"a", "b"}, {"a"}));
  EXPECT_FALSE(matches({"a"}, {"a", "b"}));
  EXPECT_FALSE(matches({"a"}, {"b"}));
  EXPECT_TRUE(matches({"a", "...", "d"}, {"a", "b", "c", "d"}));
  EXPECT_TRUE(matches({"a", "...", "d"}, {"a", "d"}));
  EXPECT_FALSE(matches({"a", "...", "d"}, {"a", "d", "e"}));
  EXPECT_TRUE(matches({"..."}, {}));
  EXPECT_TRUE(matches({"x … z"}, {"x y z"}));
  EXPECT_FALSE(matches({"x … z"}, {"x y"}));
}

TEST(ConsoleBlock, RunsTheProgramUnderTest) {
  const auto good = run_shell("loopsim --version", source_folder(), 0);
  EXPECT_EQ(good.exit_code, 0);
  ASSERT_FALSE(good.output.empty());
  EXPECT_EQ(good.output[0].rfind("loopsim ", 0), 0u);
  const auto bad = run_shell("loopsim nonsense", source_folder(), 0);
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_FALSE(bad.output.empty());  // standard error
  EXPECT_EQ(run_shell("echo $?", source_folder(), 65).output, std::vector<std::string>{"65"});
}

}  // namespace
}  // namespace loopsim
