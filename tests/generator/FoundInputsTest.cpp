#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/generator/InputTrial.hpp"
#include "tests/generator/ProgramRun.hpp"

namespace loopsim::generator {
namespace {

std::filesystem::path found_folder() {
  return source_folder() / "tests/generator/found";
}

RandomInput input_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  RandomInput input;
  input.files = {{path.filename(), {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}}};
  input.words = {path.filename()};
  return input;
}

class FoundInputs : public testing::TestWithParam<std::string> {};

/// What the generator has found, made small.
TEST_P(FoundInputs, RunsOnEveryRung) {
  const RandomInput input = input_of(found_folder() / GetParam());
  for (std::uint64_t turn = 0; turn < 4; ++turn) {
    const TrialResult result = try_input(program_path(), input, turn);
    for (const auto& [what, where] : result.faults) ADD_FAILURE() << where << ": " << what;
    EXPECT_TRUE(result.refused_on.empty());
  }
}

std::vector<std::string> found_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(found_folder()))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, FoundInputs, testing::ValuesIn(found_files()),
                         [](const auto& file) { return file.param.substr(0, file.param.find('.')); });

TEST(FoundInputs, PartialSumsComeBackThroughBothNodesOfALevel) {
  const TemporaryFolder folder;
  const ProgramRun run =
      run_in(folder.path(), program_path(), {"run", found_folder() / "nested_nodes_partial_sum.yaml", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const auto stats = nlohmann::json::parse(run.output);
  for (const auto& access : stats.at("simulation").at("accesses")) {
    if (access.at("tensor") != "T2" || access.at("level") != 0) continue;
    EXPECT_EQ(access.at("reads"), 40);
    EXPECT_EQ(access.at("writes"), 80);
  }
}

}  // namespace
}  // namespace loopsim::generator
