#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "sim/functional/UntimedRun.hpp"
#include "tests/TestPaths.hpp"
#include "tests/sim/functional/TreeOfFile.hpp"

namespace loopsim {
namespace {

/// Relative paths of the YAML files below a folder of the tests, without the extension.
std::vector<std::string> cases_in(const std::string& folder) {
  std::vector<std::string> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder() / "tests" / folder)) {
    // Files beside the folders of the workloads are machines.
    const std::filesystem::path path = std::filesystem::relative(entry.path(), source_folder() / "tests" / folder);
    if (path.extension() != ".yaml" || path.stem() == "edge") continue;
    cases.push_back(folder + "/" + (path.parent_path() / path.stem()).string());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

void expect_exact(const std::string& name, const UntimedOrder& order) {
  const BoundTree tree = tree_of_file((source_folder() / "tests" / (name + ".yaml")).string());
  const FunctionalResult result = untimed_run(tree, order);
  EXPECT_EQ(result.mismatches, 0) << fmt::format("{}", fmt::join(result.messages, "\n"));
  EXPECT_EQ(result.checked, result_words(tree));
}

class UntimedRun : public ::testing::TestWithParam<std::string> {};

TEST_P(UntimedRun, IsExactInTreeOrder) {
  expect_exact(GetParam(), {});
}

TEST_P(UntimedRun, IsExactWhenStagesOverlap) {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) expect_exact(GetParam(), {false, seed});
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Golden, UntimedRun, ::testing::ValuesIn(cases_in("goldens/looptree")), test_name);
INSTANTIATE_TEST_SUITE_P(Preset, UntimedRun, ::testing::ValuesIn(cases_in("presets_small")), test_name);

}  // namespace
}  // namespace loopsim
