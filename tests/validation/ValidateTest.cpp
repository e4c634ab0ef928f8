#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <regex>
#include <sstream>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "validation/Csv.hpp"
#include "validation/GemmTree.hpp"
#include "validation/RunRows.hpp"
#include "validation/Validate.hpp"
#include "validation/ValidationData.hpp"
#include "validation/ValidationTable.hpp"

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

std::string page() {
  std::ostringstream text;
  text << std::ifstream(source_folder() / "docs/validation.md").rdbuf();
  return text.str();
}

void expect_on_page(const std::string& text) {
  EXPECT_NE(page().find(text), std::string::npos) << "docs/validation.md is not current (loopsim validate --write-docs "
                                                     "writes it); it has not:\n"
                                                  << text;
}

/// Cases whose figures all have bars that are met, in seconds, and stand on the page.
class QuickCase : public ::testing::TestWithParam<std::string> {};

TEST_P(QuickCase, MeetsItsBars) {
  const ValidatedCase c = run_one(GetParam());
  EXPECT_FALSE(c.rows.empty());
  EXPECT_THAT(missed_in(c), ::testing::IsEmpty());
  expect_on_page("\n" + validation_section(c));
}

INSTANTIATE_TEST_SUITE_P(Cases, QuickCase,
                         ::testing::Values("looptree", "tileflow_gemm", "tileflow_fused", "fused_layer_cnn", "depfin",
                                           "pipelines", "looptree_studies", "dram", "noc", "systolic"));
INSTANTIATE_TEST_SUITE_P(SlowCases, QuickCase, ::testing::Values("contention"));

/// The case `flat` up to 1024 tokens: its text without the runs and rows of longer sequences.
ValidatedCase short_flat() {
  static const std::regex longer("(fused|layers)(2048|4096|8192|16384|32768|65536)[:.]");
  const auto whole = validation_file("cases/flat.yaml");
  std::istringstream lines(whole->text);
  std::string text;
  std::string line;
  bool left_out = false;
  while (std::getline(lines, line)) {
    const bool begins = line.rfind("- ", 0) == 0 || (line.rfind("  ", 0) == 0 && line[2] != ' ');
    if (begins || line.rfind(' ', 0) != 0) left_out = std::regex_search(line, longer);
    if (!left_out) text += line + "\n";
  }
  Diagnostics diagnostics;
  ValidatedCase c;
  c.described =
      read_validation_case(std::make_shared<SourceText>(SourceText{"flat, short", std::move(text)}), diagnostics);
  const ValidationPlan plan = plan_run_rows(c.described);
  c.rows = plan.rows(run_forked_tasks(plan.tasks, 2));
  return c;
}

TEST(LongCase, ShortSequencesOfAttentionStandOnThePage) {
  const ValidatedCase c = short_flat();
  EXPECT_EQ(c.rows.size(), 8U);
  const std::string section = validation_section(c);
  const std::size_t table = section.find("| row |");
  expect_on_page("\n" + section.substr(0, table));
  std::istringstream lines(section.substr(table));
  for (std::string line; std::getline(lines, line);) expect_on_page("\n" + line + "\n");
}

TEST(ValidationPage, HasTheCasesInTheirOrder) {
  std::vector<std::string> headings;
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("## ", 0) == 0) headings.push_back(line);
  }
  std::vector<std::string> expected;
  for (const ValidationCase& c : validation_cases()) expected.push_back("## " + c.title + ": `" + c.name + "`");
  EXPECT_EQ(headings, expected);
  EXPECT_EQ(page().rfind(validation_page({}), 0), 0U);
}

TEST(RunFigures, AMappingThatDoesNotFitIsABadInput) {
  const auto source = std::make_shared<SourceText>(SourceText{"case.yaml", R"(case: c
title: t
kind: runs
source: s
compared: x
runs:
  big: {inputs: [preset:vgge_front/fused, preset:edge]}
rows:
- {row: r, metric: cycles, simulation: '{big.simulation.cycles}'}
)"});
  Diagnostics diagnostics;
  const ValidationPlan plan = plan_run_rows(read_validation_case(source, diagnostics));
  const auto outcomes = run_forked_tasks(plan.tasks, 1);
  try {
    plan.rows(outcomes);
    FAIL() << "no error";
  } catch (const InputError& error) {
    const std::string text = render_all(error.diagnostics.all());
    EXPECT_THAT(text, HasSubstr("error: case c, run big cannot run:\npreset:vgge_front/fused:"));
    EXPECT_THAT(text, HasSubstr("the mapping does not fit 'GlobalBuffer': it needs 756736 words at once"));
  }
}

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
