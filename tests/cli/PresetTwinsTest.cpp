#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

fs::path twins() {
  return source_folder() / "tests/presets_small";
}

/// The scaled-down presets, "fc_fc/fused" and so on.
std::vector<std::string> twin_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(twins())) {
    if (!entry.is_regular_file() || entry.path().parent_path() == twins()) continue;
    names.push_back(fs::relative(entry.path(), twins()).replace_extension());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class PresetTwins : public ::testing::TestWithParam<std::string> {};

/// As a user would: the machine with bandwidths, values carried through its buffers, twice.
TEST_P(PresetTwins, ComputeRightValuesAndTheSameBytesTwice) {
  const TemporaryFolder folder;
  const std::string workload = (twins() / (GetParam() + ".yaml")).string();
  const std::string machine = (twins() / "edge.yaml").string();
  const fs::path first = folder.path() / "first";
  const fs::path second = folder.path() / "elsewhere" / "second";
  std::string printed;
  for (const fs::path& output : {first, second}) {
    const auto outcome =
        run_program({"run", workload, machine, "--functional", "--fidelity", "bandwidth", "-o", output.string()});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors << outcome.output;
    EXPECT_EQ(outcome.errors, "");
    if (!printed.empty()) {
      EXPECT_EQ(outcome.output, printed);
    }
    printed = outcome.output;
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(first)) {
    const fs::path name = entry.path().filename();
    ++files;
    if (name != "host.json") {
      EXPECT_EQ(text_of(entry.path()), text_of(second / name)) << name;
    }
  }
  EXPECT_EQ(files, 4U);
  const auto stats = nlohmann::json::parse(text_of(first / "stats.json"));
  EXPECT_EQ(stats["fidelity"], "bandwidth");
  EXPECT_GT(stats["simulation"]["functional"]["checked"], 0);
  EXPECT_EQ(stats["simulation"]["functional"]["mismatches"], 0);
  for (const auto& entry : stats["comparison"]) EXPECT_NE(entry["verdict"], "unexplained") << entry["metric"];
}

INSTANTIATE_TEST_SUITE_P(All, PresetTwins, ::testing::ValuesIn(twin_names()), [](const auto& tried) {
  std::string name = tried.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

TEST(PresetTwinsList, EveryPresetHasOne) {
  EXPECT_EQ(twin_names().size(), 14U);
  for (const std::string& name : twin_names()) {
    EXPECT_TRUE(fs::exists(source_folder() / "workloads/presets" / (name + ".yaml"))) << name;
  }
}

}  // namespace
}  // namespace loopsim
