#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "published/Csv.hpp"
#include "published/GemmTree.hpp"
#include "published/Validate.hpp"
#include "published/ValidationTable.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

ValidatedCase run_one(const std::string& name, std::optional<std::string> data = std::nullopt) {
  ValidateOptions options;
  options.cases = {name};
  options.data = std::move(data);
  options.jobs = 2;
  return validate(options).at(0);
}

std::vector<std::string> missed_in(const ValidatedCase& c) {
  std::vector<std::string> missed;
  for (const ValidationRow& row : c.rows) {
    if (row.verdict == RowVerdict::missed) missed.push_back(row.row + ": " + row.metric);
  }
  return missed;
}

/// Cases whose figures all have bars that are met, in seconds.
class QuickCase : public ::testing::TestWithParam<std::string> {};

TEST_P(QuickCase, MeetsItsBars) {
  const ValidatedCase c = run_one(GetParam());
  EXPECT_FALSE(c.rows.empty());
  EXPECT_THAT(missed_in(c), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Cases, QuickCase,
                         ::testing::Values("looptree", "tileflow_gemm", "tileflow_fused", "fused_layer_cnn",
                                           "pipelines", "looptree_studies", "dram", "noc", "systolic", "contention"));

TEST(ValidationCases, AreReadWhole) {
  for (const ValidationCase& c : validation_cases()) {
    EXPECT_FALSE(c.source.empty()) << c.name;
    EXPECT_FALSE(c.compared.empty()) << c.name;
  }
}

TEST(ValidateData, AFileOfOurOwnIsComparedRowByRow) {
  const TemporaryFolder folder;
  folder.write("rows.csv",
               "M,N,K,mM,mN,mK,rtl_cycles\n"
               "16,64,64,16,16,16,2382\n"
               "16,64,64,16,16,16,4764\n");
  const ValidatedCase c = run_one("tileflow_gemm", (folder.path() / "rows.csv").string());
  ASSERT_EQ(c.rows.size(), 4U);
  EXPECT_EQ(c.rows[0].verdict, RowVerdict::met);
  EXPECT_EQ(c.rows[0].error, 0);
  EXPECT_EQ(c.rows[1].verdict, RowVerdict::missed);
  EXPECT_EQ(c.rows[1].error, -0.5);
  EXPECT_EQ(c.rows[2].simulation, 0.25);
  EXPECT_FALSE(all_bars_met({c}));
}

TEST(ValidateData, ErrorsSayWhere) {
  const TemporaryFolder folder;
  folder.write("rows.csv", "M,N,K,mM,mN,mK\n16,64,64,16,16,0\n1,2\n");
  try {
    run_one("tileflow_gemm", (folder.path() / "rows.csv").string());
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_THAT(render_all(error.diagnostics.all()), HasSubstr("rows.csv:3:1: error: expected 6 values, got 2"));
  }
  EXPECT_THROW(run_one("tileflow_gemm", (folder.path() / "none.csv").string()), MissingInputError);
  EXPECT_THROW(run_one("dram", folder.path().string()), ValidationUsageError);
  EXPECT_THROW(run_one("drma"), ValidationUsageError);
}

TEST(ValidationRow, IsJudgedByItsBar) {
  ValidationRow row;
  row.published = 100;
  row.estimate = 100;
  row.simulation = 103;
  row.bar = {Bar::Kind::within, 0.03, 0};
  judge(row);
  EXPECT_DOUBLE_EQ(row.error.value(), 0.03);
  EXPECT_EQ(row.verdict, RowVerdict::met);
  row.bar = {Bar::Kind::exact, 0, 0};
  judge(row);
  EXPECT_EQ(row.verdict, RowVerdict::missed);
  row.simulation.reset();
  judge(row);
  EXPECT_EQ(row.verdict, RowVerdict::met);
  row.estimate.reset();
  judge(row);
  EXPECT_EQ(row.verdict, RowVerdict::missed);
  row.bar = {};
  judge(row);
  EXPECT_EQ(row.verdict, RowVerdict::no_bar);
}

TEST(ValidationJson, HasEveryFieldOfARow) {
  ValidatedCase c;
  ValidationRow row;
  row.case_name = "c";
  row.row = "1";
  row.metric = "cycles";
  row.simulation = 7;
  c.rows = {row};
  EXPECT_EQ(validation_json({c}).dump(),
            R"([{"case":"c","row":"1","metric":"cycles","published":null,"estimate":null,"simulation":7,"error":null,)"
            R"("bar":"-","verdict":"no bar"}])");
}

}  // namespace
}  // namespace loopsim
