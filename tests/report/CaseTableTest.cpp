#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "base/CellText.hpp"
#include "report/CaseTable.hpp"
#include "report/StageBar.hpp"
#include "tests/report/SampleCase.hpp"

namespace loopsim {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string sample_table(const CaseResult& result, bool unicode = false) {
  return case_table(test::sample_tree(), result, test::sample_provenance(), TableStyle{unicode});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

TEST(CaseTable, ShowsBothSidesAndTheDifference) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, HasSubstr("case.yaml preset:edge\n"));
  EXPECT_THAT(table, HasSubstr("fidelity bandwidth"));
  EXPECT_THAT(table, ContainsRegex("cycles +10,240 +10,912  \\+672 \\(6\\.6 %\\)\n"));
  EXPECT_THAT(table, ContainsRegex("operations +2,996 +3,006  \\+10"));
  EXPECT_THAT(table, ContainsRegex("energy +1\\.235 uJ +1\\.300 uJ  \\+5\\.3 %\n"));
  EXPECT_THAT(table, ContainsRegex("Buffer space, words +2,000 +1,900  peak 46\\.4 % of 4,096"));
}

TEST(CaseTable, NamesWhatMovesTheEnergyMost) {
  CaseResult result = test::sample_result();
  ComparisonEntry& energy = result.comparison->entries[1];
  energy.verdict = Verdict::explained;
  energy.simulation = 1.5;
  energy.causes = {{"leakage", 0.5}, {"access_width", -1.0}};
  const std::string table = sample_table(result);
  EXPECT_THAT(table, ContainsRegex("energy .*, mostly access_width\n"));
  EXPECT_THAT(table, ContainsRegex("  energy +access_width +-1\\.000 pJ  one access moves several words\n"));
}

TEST(CaseTable, ShowsTheWordsOfEveryTensorInSharedMemories) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, ContainsRegex("  DRAM +11 +16 +12 +17\n    A +101 +106 +102 +107\n"));
  EXPECT_THAT(table, ContainsRegex("  Buffer +21 +26 +22 +27\n    B +201 +206 +202 +207\n"));
}

/// A third memory, one in each PE.
TEST(CaseTable, SumsUpPrivateBuffersUnlessAskedForAll) {
  BoundTree tree = test::sample_tree();
  CaseResult result = test::sample_result();
  tree.architecture.memories.push_back(tree.architecture.memories[1]);
  tree.architecture.memories[2].name = "PEBuffer";
  for (Measures* measures : {&result.estimate.measures, &result.measurement->measures}) {
    measures->levels.push_back({31, 32});
  }
  result.estimate.memory_cycles.push_back(1);
  result.estimate.required_words.push_back(3);
  result.measurement->levels.push_back({3, 3, 3, std::nullopt});
  ComparisonEntry drained = result.comparison->entries[3];
  drained.metric = "reads:2/C/Second";
  result.comparison->entries.push_back(drained);
  const auto table = [&](bool all) {
    TableStyle style;
    style.all = all;
    return case_table(tree, result, test::sample_provenance(), style);
  };
  EXPECT_THAT(table(false), ContainsRegex("  PEBuffer +31 += +32 +=\n\n"));
  EXPECT_THAT(table(false),
              ContainsRegex("  private buffers, words +drain_read +\\+30  results are read to be moved out\n"));
  EXPECT_THAT(table(false), Not(HasSubstr("Every metric that differs")));
  EXPECT_THAT(table(false), HasSubstr("--all"));
  EXPECT_THAT(table(true), ContainsRegex("  PEBuffer +31 += +32 +=\n    B +301 +306 +302 +307\n"));
  EXPECT_THAT(table(true), ContainsRegex("reads:2/C/Second +40 +70  \\+30\n      \\+30  drain_read\n"));
}

TEST(CaseTable, ShowsWhereTheCyclesWent) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, ContainsRegex("First\\+Second +#+DDD"));
  EXPECT_THAT(table, HasSubstr("# compute 82.5 %  D stall.dram 15.6 %"));
  EXPECT_THAT(table, ContainsRegex("not_memory_bound +-1,240"));
  EXPECT_THAT(table, ContainsRegex("stall.dram +\\+1,912"));
}

TEST(CaseTable, ShowsLayoutsThatSlowStepsBesideTheClosedForm) {
  const std::string table = sample_table(test::sample_result_with_banks());
  EXPECT_THAT(table, HasSubstr("\nSteps slowed by layouts: pace that is left\n"));
  EXPECT_THAT(table, ContainsRegex("\n +closed form +simulation\n"));
  EXPECT_THAT(table, ContainsRegex("\n  A in First +0\\.125 +0\\.125  100 steps, \\+700 cycles\n"));
  EXPECT_THAT(table, Not(HasSubstr("A in Second")));
  EXPECT_THAT(table, Not(HasSubstr("B in Second")));
  EXPECT_THAT(sample_table(test::sample_result()), Not(HasSubstr("Steps slowed")));
}

TEST(CaseTable, SumsUpTheComparison) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, HasSubstr("Comparison of 5 metrics: 1 equal, 3 explained, 1 unexplained\n"));
  EXPECT_THAT(table, ContainsRegex("  Buffer, words +drain_read +\\+30  results are read"));
  EXPECT_THAT(table, ContainsRegex("  DRAM, words +drain_read +\\+30  results are read"));
  EXPECT_THAT(table, HasSubstr("UNEXPLAINED reads:0/A/First: estimate 0, simulation 101, difference +101\n"));
  EXPECT_THAT(table, HasSubstr("\n3 warnings: see standard error, or stats.json\n"));
}

TEST(CaseTable, FitsAScreen) {
  CaseResult result = test::sample_result_with_banks();
  Measurement& measurement = *result.measurement;
  measurement.cycles = INT64_MAX / 2;
  measurement.accounting[0].stage = std::string(300, 's');
  for (std::int64_t& cycles : measurement.accounting[0].stall) cycles = 1'000;
  measurement.accounting[0].idle = 1'000;
  measurement.accounting.resize(40, measurement.accounting[0]);
  result.comparison->bridge[0].cause = std::string(300, 'c');
  result.comparison->entries[0].causes[0].name = std::string(300, 'n');
  result.comparison->entries[2].metric = std::string(300, 'm');
  measurement.glb.banks->layout[0].steps = INT64_MAX / 4;
  measurement.glb.banks->layout[0].bank_cycles = INT64_MAX / 2;
  for (bool unicode : {false, true}) {
    const std::string table = sample_table(result, unicode);
    const auto lines = lines_of(table);
    EXPECT_LE(lines.size(), 48U) << table;
    for (const std::string& line : lines) {
      EXPECT_LE(text_width(line), table_width) << line;
      EXPECT_NE(line.empty() ? 'x' : line.back(), ' ') << line;
    }
  }
  EXPECT_THAT(sample_table(result), HasSubstr("and 32 more stages"));
}

TEST(CaseTable, IsPlainAsciiUnlessAskedOtherwise) {
  EXPECT_TRUE(is_ascii(sample_table(test::sample_result())));
  EXPECT_THAT(sample_table(test::sample_result(), true), HasSubstr("\u2588\u2588"));
}

TEST(CaseTable, EstimateAlone) {
  CaseResult result;
  result.estimate = test::sample_result().estimate;
  const std::string table = sample_table(result);
  EXPECT_THAT(table, HasSubstr("estimate only"));
  EXPECT_THAT(table, ContainsRegex("cycles +10,240  bound by DRAM\n"));
  EXPECT_THAT(table, Not(HasSubstr("simulation")));
  EXPECT_THAT(table, Not(HasSubstr("Comparison")));
}

TEST(CaseTable, NothingSimulated) {
  CaseResult result = test::sample_result();
  result.measurement->accounting[0] = StageAccount();
  result.measurement->cycles = 0;
  result.estimate.cycles = 0;
  EXPECT_THAT(sample_table(result), ContainsRegex("cycles +0 +0  =\n"));
}

TEST(StageBar, IsAlwaysFull) {
  for (std::int64_t compute : {0, 1, 50, 999, 1'000}) {
    StageAccount stage;
    stage.compute = compute;
    stage.ramp = 1;
    stage.idle = 1'000 - compute;
    stage.stall[0] = 3;
    EXPECT_EQ(text_width(bar(bar_parts(stage, false), 24)), 24U);
    EXPECT_EQ(text_width(bar(bar_parts(stage, true), 24)), 24U);
  }
}

TEST(StageBar, SharesByCycles) {
  StageAccount stage;
  stage.compute = 50;
  stage.stall[static_cast<std::size_t>(StallCause::glb)] = 25;
  stage.idle = 25;
  EXPECT_EQ(bar(bar_parts(stage, false), 8), "####GG..");
  EXPECT_EQ(bar(bar_parts(StageAccount(), false), 8), "");
}

}  // namespace
}  // namespace loopsim
