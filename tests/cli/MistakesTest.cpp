#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

using ::testing::StartsWith;

/// What a person did wrong, as a folder of tests/mistakes holds it: the inputs, and mistake.txt with the intent, the
/// command line, what standard error says to it, and the exit code.
struct Mistake {
  std::string intent;
  std::vector<std::string> arguments;
  std::string expected;  ///< standard error and a line with the exit code
};

std::filesystem::path folder_of_mistakes() {
  return source_folder() / "tests/mistakes";
}

std::vector<std::string> mistakes() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of_mistakes())) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Mistake read_mistake(const std::filesystem::path& folder) {
  std::istringstream stream(text_of((folder / "mistake.txt").string()));
  Mistake mistake;
  std::string command;
  std::getline(stream, mistake.intent);
  std::getline(stream, command);
  EXPECT_THAT(mistake.intent, StartsWith("# "));
  EXPECT_THAT(command, StartsWith("$ loopsim "));
  std::istringstream words(command);
  for (std::string word; words >> word;) mistake.arguments.push_back(word);
  mistake.arguments.erase(mistake.arguments.begin(), mistake.arguments.begin() + 2);
  std::ostringstream rest;
  rest << stream.rdbuf();
  mistake.expected = rest.str();
  return mistake;
}

class MistakesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(MistakesTest, SaysWhatIsWrongWhereAndWhatToDo) {
  const std::filesystem::path folder = folder_of_mistakes() / GetParam();
  const Mistake mistake = read_mistake(folder);
  std::filesystem::current_path(folder);
  const auto outcome = run_program(mistake.arguments);
  EXPECT_NE(outcome.errors, "") << "silence";
  const std::string said = outcome.errors + "exit " + std::to_string(outcome.exit_code) + "\n";
  if (std::getenv("LOOPSIM_UPDATE_MISTAKES") != nullptr) {
    std::ofstream(folder / "mistake.txt") << mistake.intent << "\n$ loopsim" << [&] {
      std::string words;
      for (const std::string& word : mistake.arguments) words += " " + word;
      return words;
    }() << "\n" << said;
  } else {
    EXPECT_EQ(said, mistake.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, MistakesTest, ::testing::ValuesIn(mistakes()),
                         [](const auto& tried) { return tried.param; });

/// None is told in more than a few errors: what follows from a mistake is not told again.
TEST(Mistakes, AreManyAndEachIsFewErrors) {
  const std::vector<std::string> names = mistakes();
  EXPECT_GE(names.size(), 60U);
  for (const std::string& name : names) {
    const std::string text = read_mistake(folder_of_mistakes() / name).expected;
    std::size_t errors = 0;
    for (std::size_t at = text.find("error: "); at != std::string::npos; at = text.find("error: ", at + 1)) ++errors;
    EXPECT_LE(errors, 2U) << name << "\n" << text;
  }
}

}  // namespace
}  // namespace loopsim
