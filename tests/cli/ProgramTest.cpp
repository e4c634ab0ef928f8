#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "inputs/settings/SimulationKeys.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Program, HelpAndVersionGoToStandardOutput) {
  const auto version = run_program({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.output, HasSubstr("loopsim 0."));
  EXPECT_THAT(version.output, HasSubstr("SystemC 2.3"));
  EXPECT_EQ(version.errors, "");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--help"}, {"check", "--help"}, {"presets", "-h"}, {"explain", "--help"}}) {
    const auto help = run_program(words);
    EXPECT_EQ(help.exit_code, 0) << words[0];
    EXPECT_THAT(help.output, HasSubstr("Usage: loopsim"));
    EXPECT_EQ(help.errors, "");
  }
}

TEST(Program, UsageErrorsEndWith2) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"chekc"},
                                                {"check"},
                                                {"check", "--nonsense"},
                                                {"--nonsense"},
                                                {"check", "x", "--set"},
                                                {"explain", "nonsense"},
                                                {"presets", "a", "b"}}) {
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2) << (words.empty() ? "" : words[0]);
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors, "");
  }
  EXPECT_THAT(run_program({"chekc"}).errors, HasSubstr("did you mean 'check'?"));
}

TEST(Program, UsageErrorsSayWhatWasExpected) {
  EXPECT_THAT(run_program({}).errors, StartsWith("loopsim: expected a command: run, estimate, check, "));
  EXPECT_THAT(run_program({}).errors, EndsWith("\n'loopsim --help' says more.\n"));
  const auto no_files = run_program({"run"});
  EXPECT_THAT(no_files.errors, HasSubstr("loopsim run: FILES is required: YAML files, or presets such as"));
  EXPECT_THAT(no_files.errors, HasSubstr("'loopsim run --help' says more."));
  EXPECT_THAT(run_program({"run", "preset:fc_fc/fused", "--functionl"}).errors,
              HasSubstr("--functionl; did you mean '--functional'?"));
  EXPECT_THAT(run_program({"explain", "levels.GlobalBuffer.siz"}).errors, HasSubstr("; did you mean 'size'? "));
}

TEST(Program, MissingInputsEndWith66) {
  const auto file = run_program({"check", "/nowhere/x.yaml"});
  EXPECT_EQ(file.exit_code, 66);
  EXPECT_EQ(file.errors, "/nowhere/x.yaml: error: cannot be opened: No such file or directory\n");
  const auto preset = run_program({"check", "preset:fc_fc/fuse"});
  EXPECT_EQ(preset.exit_code, 66);
  EXPECT_THAT(preset.errors, HasSubstr("did you mean 'fc_fc/fused'?"));
  EXPECT_THAT(run_program({"check", "preset:fc_fc"}).errors, HasSubstr("did you mean 'fc_fc/fused'?"));
  EXPECT_THAT(run_program({"check", "fc_fc/fused"}).errors,
              HasSubstr("there is a preset of this name: preset:fc_fc/fused"));
  EXPECT_EQ(run_program({"presets", "nonsense"}).exit_code, 66);
  EXPECT_EQ(run_program({"check", ""}).errors, "error: the name of an input is empty\n");
}

TEST(Program, FoldersAreNoFiles) {
  const TemporaryFolder folder;
  const auto outcome = run_program({"check", folder.path().string()});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.errors, HasSubstr("is a directory; expected a file"));
}

TEST(Program, CheckSummarises) {
  const auto outcome = run_program({"check", "preset:fc_fc/fused", "--set", "simulation.prefetch=2", "preset:edge"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("2 einsums (Fc1 Fc2)"));
  EXPECT_THAT(outcome.output, HasSubstr("fidelity bandwidth"));
  EXPECT_EQ(outcome.errors, "");
}

TEST(Program, CheckWritesJsonAndResolvedInputs) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "out").string();
  const auto outcome = run_program({"check", "preset:fc_fc/fused", "preset:edge", "--json", "-o", output});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto document = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["inputs"][1]["path"], "preset:edge");
  EXPECT_EQ(document["levels"].back(), "MACs");
  const auto again = run_program({"check", output + "/resolved.yaml"});
  EXPECT_EQ(again.exit_code, 0) << again.errors;
}

TEST(Program, OutputThatCannotBeWritten) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  const auto outcome = run_program({"check", "preset:fc_fc/fused", "-o", file});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, HasSubstr("error: "));
}

TEST(Program, PresetsAreListedAndShown) {
  const auto list = run_program({"presets"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.output, HasSubstr("resnet18_block/fused"));
  EXPECT_THAT(list.output, HasSubstr("edge"));
  const TemporaryFolder folder;
  const auto workload = run_program({"presets", "fc_fc/fused"});
  EXPECT_THAT(workload.output, HasSubstr("problem:"));
  EXPECT_EQ(run_program({"presets", "preset:fc_fc/fused"}).output, workload.output);
  EXPECT_EQ(run_program({"check", folder.write("copy.yaml", workload.output)}).exit_code, 0);
}

TEST(Program, EveryKeyIsExplained) {
  const auto all = run_program({"explain"});
  const auto table = run_program({"explain", "--all", "--markdown"});
  EXPECT_EQ(all.exit_code, 0);
  for (const SimulationKey& key : simulation_keys()) {
    EXPECT_THAT(all.output, HasSubstr("simulation." + std::string(key.path) + "\n"));
    EXPECT_THAT(table.output, HasSubstr("| `simulation." + std::string(key.path) + "` |"));
  }
  EXPECT_THAT(run_program({"explain", "simulation.levels.GlobalBuffer.latency"}).output, HasSubstr("in cycles"));
}

TEST(Program, ErrorsCarryPlaceLineAndCaret) {
  const TemporaryFolder folder;
  const std::string file = folder.write("x.yaml", "problem: [\n  3]\nmapping: {type: fused}\n");
  const auto outcome = run_program({"check", file});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(
      outcome.errors,
      HasSubstr(file + ":2:3: error: an entry of problem: expected a map, got '3'\n    2 |   3]\n      |   ^\n"));
  EXPECT_THAT(outcome.errors, HasSubstr(file + ":3:10: error: mapping lacks 'nodes'"));
  EXPECT_THAT(outcome.errors, Not(HasSubstr("\x1b[")));
}

TEST(Program, ErrorsInASettingNameTheArgument) {
  const auto outcome = run_program({"check", "preset:fc_fc/fused", "--set", "simulation.prefetch=x"});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_EQ(outcome.errors,
            "--set simulation.prefetch=x: error: prefetch: expected an integer from 0 to 1000000 (tiles), got 'x'\n");
}

TEST(Program, FullStandardOutputIsNoticed) {
  const auto outcome = run_program({"explain"});
  ASSERT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(std::system((program_path().string() + " explain > /dev/full 2> /dev/null").c_str()) >> 8, 75);
}

}  // namespace
}  // namespace loopsim
