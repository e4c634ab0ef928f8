#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/KitReplay.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/support/RandomTree.hpp"

// Kits of runs in which moves and results take time.
namespace loopsim {
namespace {

using ::testing::StartsWith;

/// Sums of a large tile are long on their way back; those of the next one do not overtake them.
TEST(RtlRungs, ResultsComeInTheOrderInWhichTheArrayWorks) {
  const Kit kit({(source_folder() / "tests/cases/rtl_fail.yaml").string(), "--fidelity", "noc"});
  expect_pass(kit);
  std::vector<std::vector<std::string>> blocks;
  for (const std::string& line : kit.lines("commands.txt")) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() > 5 && words[2] == "compute" && words[5] == "4") blocks.push_back(words);
  }
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(std::stoll(blocks[0][7]), std::stoll(blocks[1][6]));
  EXPECT_EQ(blocks[0][0], blocks[1][0]);  // when the results of both are there
}

/// The array works on one tile at a time.
TEST(RtlRungs, AnArrayThatIsUsedTwiceIsCaught) {
  const Kit kit({(source_folder() / "tests/cases/rtl_fail.yaml").string(), "--fidelity", "noc"});
  const std::vector<std::string> good = kit.lines("commands.txt");
  int changed = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::vector<std::string> words = words_of(good[i]);
    if (words.size() <= 5 || words[2] != "compute" || words[5] != "4") continue;
    // The first ends a cycle too late, the second begins a cycle too early.
    if (changed == 0) words[7] = std::to_string(std::stoll(words[7]) + 1);
    if (changed == 1) words[6] = std::to_string(std::stoll(words[6]) - 1);
    std::vector<std::string> lines = good;
    lines[i] = fmt::format("{}", fmt::join(words, " "));
    expect_fail(kit.replay_with("commands.txt", lines), "the array is not free");
    ++changed;
  }
  EXPECT_EQ(changed, 2);
}

/// Random graphs and mappings on machines on which everything takes time.
void expect_random_pass(std::uint64_t first, std::uint64_t last) {
  const TemporaryFolder folder;
  const char* const rungs[] = {"noc", "glb", "dram", "bandwidth", "noc"};
  int tried = 0;
  for (std::uint64_t seed = first; seed < last; ++seed) {
    Choices choices(random_numbers(seed));
    const RandomCase random = random_case(choices, RandomTreeLimits());
    const std::string file = folder.write("random.yaml", to_yaml(random));
    std::vector<std::string> run = {file,
                                    "--fidelity",
                                    rungs[seed % 5],
                                    "--set",
                                    fmt::format("simulation.prefetch={}", seed % 3),
                                    "--set",
                                    fmt::format("simulation.pe.operation_latency={}", seed % 4 * 7)};
    if (run[2] == std::string("noc")) {
      const char* const topology[] = {"mesh", "bus", "crossbar", "mesh"};
      run.insert(run.end(), {"--set", fmt::format("simulation.noc.topology={}", topology[seed % 4])});
      run.insert(run.end(), {"--set", fmt::format("simulation.noc.networks={}", seed % 3 + 1)});
    }
    std::vector<std::string> plain = run;
    plain.insert(plain.begin(), "run");
    const auto checked = run_program(plain);
    if (checked.exit_code == 65) continue;
    const Kit kit(run);
    // A limit of the kit that docs/traces.md states.
    if (kit.outcome().errors.find("below a spatial loop it lies in several instances") != std::string::npos) continue;
    ASSERT_EQ(kit.outcome().exit_code, checked.exit_code) << kit.outcome().errors;
    const Replay replay = kit.replay();
    ASSERT_EQ(replay.exit_code, 0) << "seed " << seed << "\n" << replay.output << to_yaml(random);
    ASSERT_THAT(replay.output, StartsWith("PASS: "));
    ++tried;
  }
  EXPECT_GT(tried, static_cast<int>(last - first) / 2);
}

TEST(RtlRungs, OfRandomMappingsPass) {
  expect_random_pass(5000, 5020);
}

TEST(RtlRungs, SlowOfManyRandomMappingsPass) {
  expect_random_pass(6000, 6200);
}

}  // namespace
}  // namespace loopsim
