#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

using ::nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> words(const std::string& command, const std::vector<std::string>& more) {
  std::vector<std::string> all = {command, small("fc_fc/fused.yaml"), small("edge.yaml")};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(ModelsCommand, EveryCommandThatEstimatesShowsThem) {
  for (const std::string command : {"run", "estimate", "ladder"}) {
    const auto outcome = run_program(words(command, {"--json", "--models", "looptree"}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    ordered_json document = ordered_json::parse(outcome.output);
    const ordered_json& looptree = document["estimates"]["looptree"];
    EXPECT_EQ(looptree["cycles"], document["estimate"]["cycles"]) << command;
    EXPECT_EQ(looptree.contains("comparison"), command != "estimate");
    // Nothing else differs from a plain one.
    document.erase("estimates");
    EXPECT_EQ(document, ordered_json::parse(run_program(words(command, {"--json"})).output)) << command;
    EXPECT_THAT(run_program(words(command, {"--models", "looptree"})).output, HasSubstr("\n  looptree "));
  }
}

TEST(ModelsCommand, TheKeyAsksForThemAndResolvedYamlKeepsThem) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "out").string();
  const auto asked = run_program(words("estimate", {"-o", output, "--set", "simulation.models=[looptree]"}));
  EXPECT_EQ(asked.exit_code, 0) << asked.errors;
  EXPECT_THAT(text_of(output + "/resolved.yaml"), HasSubstr("\n  models: [looptree]\n"));
  const auto again = run_program({"estimate", output + "/resolved.yaml", "--json"});
  EXPECT_TRUE(ordered_json::parse(again.output).contains("estimates"));
  const auto option = run_program(words("estimate", {"-o", output, "--models", "looptree"}));
  EXPECT_THAT(text_of(output + "/resolved.yaml"), HasSubstr("\n  models: [looptree]\n"));
  const auto plain = run_program(words("estimate", {"-o", output}));
  EXPECT_THAT(text_of(output + "/resolved.yaml"), Not(HasSubstr("models")));
}

TEST(ModelsCommand, UnknownNamesAreErrorsWithTheNearest) {
  const auto option = run_program(words("run", {"--models", "looptree,lopotree"}));
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_EQ(option.output, "");
  EXPECT_THAT(option.errors, HasSubstr("there is no model 'lopotree'; did you mean 'looptree'?"));
  const TemporaryFolder folder;
  const std::string extra = folder.write("extra.yaml", "simulation:\n  models: [looptree, lootree]\n");
  for (const std::string command : {"run", "check", "ladder"}) {
    const auto key = run_program(words(command, {extra}));
    EXPECT_EQ(key.exit_code, 65);
    EXPECT_EQ(key.output, "");
    EXPECT_THAT(key.errors, HasSubstr("extra.yaml:2:11: error: models: there is no model 'lootree'; did you mean "
                                      "'looptree'?\n"));
  }
  const std::string wrong = folder.write("wrong.yaml", "simulation: {models: {looptree: 1}}\n");
  EXPECT_THAT(run_program(words("run", {wrong})).errors,
              HasSubstr("wrong.yaml:1:22: error: models: expected a list of names, got a map"));
}

}  // namespace
}  // namespace loopsim
