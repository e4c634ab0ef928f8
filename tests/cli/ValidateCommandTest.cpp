#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

TEST(ValidateCommand, PrintsATableOrJson) {
  const ProgramOutcome table = run_program({"validate", "systolic"});
  EXPECT_EQ(table.exit_code, 0) << table.errors;
  EXPECT_EQ(table.errors, "");
  EXPECT_THAT(table.output, HasSubstr("output stationary 16x16"));
  const ProgramOutcome json = run_program({"validate", "systolic", "--json", "--jobs", "1"});
  EXPECT_EQ(json.exit_code, 0) << json.errors;
  const auto rows = nlohmann::json::parse(json.output);
  ASSERT_FALSE(rows.empty());
  for (const char* key : {"case", "row", "metric", "published", "estimate", "simulation", "error", "bar", "verdict"}) {
    EXPECT_TRUE(rows[0].contains(key)) << key;
  }
}

TEST(ValidateCommand, IsTheSameForAnyNumberOfJobs) {
  EXPECT_EQ(run_program({"validate", "systolic", "--json", "--jobs", "1"}).output,
            run_program({"validate", "systolic", "--json", "--jobs", "4"}).output);
}

TEST(ValidateCommand, AMissedBarIsExitCode1) {
  const TemporaryFolder folder;
  const std::string rows = folder.write("rows.csv", "M,N,K,mM,mN,mK,rtl_cycles\n16,64,64,16,16,16,4000\n");
  const ProgramOutcome outcome = run_program({"validate", "--data", rows});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("missed"));
}

TEST(ValidateCommand, ARunWithBadInputsIsExitCode65) {
  const TemporaryFolder folder;
  const auto source = source_folder() / "tests/bad_input/does_not_fit.yaml";
  std::filesystem::copy_file(source, folder.path() / "case.yaml");
  folder.write("case.expected.json", "{}");
  const ProgramOutcome misfit = run_program({"validate", "looptree", "--data", folder.path().string()});
  EXPECT_EQ(misfit.exit_code, 65);
  EXPECT_EQ(misfit.output, "");
  EXPECT_THAT(misfit.errors, HasSubstr("error: case looptree, case cannot run:\n"));
  EXPECT_THAT(misfit.errors, HasSubstr("error: the mapping does not fit 'GlobalBuffer'"));
  folder.write("case.expected.json", "{");
  EXPECT_EQ(run_program({"validate", "looptree", "--data", folder.path().string()}).exit_code, 65);
}

TEST(ValidateCommand, WrongUseAndMissingDataSaySo) {
  const ProgramOutcome unknown = run_program({"validate", "sistolic"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean 'systolic'?"));
  EXPECT_EQ(run_program({"validate", "tileflow_gemm", "--data", "/nowhere.csv"}).exit_code, 66);
  EXPECT_EQ(run_program({"validate", "looptree", "--write-docs"}).exit_code, 2);
}

}  // namespace
}  // namespace loopsim
