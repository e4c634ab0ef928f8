#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "report/CaseTable.hpp"
#include "report/CellText.hpp"
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
  EXPECT_THAT(table, ContainsRegex("energy +1\\.235 uJ +1\\.300 uJ"));
  EXPECT_THAT(table, ContainsRegex("DRAM reads, words +11 +16  \\+5"));
  EXPECT_THAT(table, ContainsRegex("Buffer required . peak +2,000 +1,900  words, 46\\.4 % of 4,096"));
}

TEST(CaseTable, ShowsWhereTheCyclesWent) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, ContainsRegex("First\\+Second +#+DDD"));
  EXPECT_THAT(table, HasSubstr("# compute 82.5 %  D stall.dram 15.6 %"));
  EXPECT_THAT(table, ContainsRegex("not_memory_bound +-1,240"));
  EXPECT_THAT(table, ContainsRegex("stall.dram +\\+1,912"));
}

TEST(CaseTable, SumsUpTheComparison) {
  const std::string table = sample_table(test::sample_result());
  EXPECT_THAT(table, HasSubstr("Comparison of 5 metrics: 1 equal, 3 explained, 1 unexplained\n"));
  EXPECT_THAT(table, ContainsRegex("drain_read +\\+60 words  in 2 metrics\n"));
  EXPECT_THAT(table, HasSubstr("UNEXPLAINED reads:0/A/First: estimate 0, simulation 101, difference +101\n"));
  EXPECT_THAT(table, HasSubstr("Warnings\n  case.yaml:3:5: the tile is larger than the rank\n"));
}

TEST(CaseTable, FitsAScreen) {
  CaseResult result = test::sample_result();
  Measurement& measurement = *result.measurement;
  measurement.cycles = INT64_MAX / 2;
  measurement.accounting[0].stage = std::string(300, 's');
  for (std::int64_t& cycles : measurement.accounting[0].stall) cycles = 1'000;
  measurement.accounting[0].idle = 1'000;
  measurement.accounting.resize(40, measurement.accounting[0]);
  result.comparison->bridge[0].cause = std::string(300, 'c');
  result.comparison->entries[0].causes[0].name = std::string(300, 'n');
  result.comparison->entries[2].metric = std::string(300, 'm');
  measurement.warnings = {std::string(50, 'w') + ' ' + std::string(250, 'w')};
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
