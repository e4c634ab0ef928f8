#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "report/LadderTable.hpp"
#include "tests/report/SampleCase.hpp"
#include "tests/report/SampleLadder.hpp"

namespace loopsim {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::string table_of(const Ladder& ladder, const std::vector<RungResult>& results, std::size_t warnings = 0) {
  return ladder_table(test::sample_tree(), ladder, results, {}, test::sample_provenance(), warnings);
}

TEST(LadderTable, ShowsEveryRungAndItsCausesLargestFirst) {
  const std::string table = table_of(test::sample_ladder(), test::sample_rungs());
  EXPECT_THAT(table, HasSubstr("case.yaml preset:edge\n"));
  EXPECT_THAT(table, ContainsRegex("\n  estimate +1,000\n"));
  EXPECT_THAT(table, ContainsRegex("\n  ideal +900 +-100 +-10\\.0 % +-100  not_memory_bound\n"));
  EXPECT_THAT(
      table,
      ContainsRegex("\n  bandwidth +1,200 +\\+300 +30\\.0 % +\\+300 +\\+320  stall.dram\n +-20  compute_off_path\n"));
  EXPECT_THAT(table, ContainsRegex("\n  dram +1,050 +-150 +-15\\.0 % +\\+77 +-190  stall.dram\n +\\+40  stall.glb\n"));
  EXPECT_THAT(table, Not(HasSubstr("UNEXPLAINED")));
  EXPECT_THAT(table, Not(HasSubstr("warning")));
  EXPECT_THAT(table_of(test::sample_ladder(), test::sample_rungs(), 2), HasSubstr("2 warnings: see standard error"));
}

TEST(LadderTable, FitsTheWidthAndKeepsNumbersApart) {
  Ladder ladder = test::sample_ladder();
  for (LadderRung& rung : ladder.rungs) {
    rung.only = true;
    rung.cycles = 9'000'000'000'000'000'000;
    rung.added = -9'000'000'000'000'000'000;
    rung.alone = 9'000'000'000'000'000'000;
    rung.causes = {{"compute_off_path", -9'000'000'000'000'000'000}};
  }
  std::istringstream table(table_of(ladder, test::sample_rungs()));
  for (std::string line; std::getline(table, line);) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_THAT(table.str(), HasSubstr("9,000,000,000,000,000,000 -9,000,000,000,000,000,000 "));
}

TEST(LadderTable, SaysOnWhichRungSomethingIsWrong) {
  std::vector<RungResult> results = test::sample_rungs();
  results[1].checked_words = 40;
  results[2].checked_words = 40;
  EXPECT_THAT(table_of(test::sample_ladder(), results),
              HasSubstr("Computed values of 2 simulations: 80 output words checked, 0 wrong\n"));
  results[1].unexplained = 1;
  results[2].wrong_words = 3;
  results[2].only = true;
  const std::string table = table_of(test::sample_ladder(), results);
  EXPECT_THAT(table, HasSubstr("80 output words checked, 3 wrong\n"));
  EXPECT_THAT(table, ContainsRegex("UNEXPLAINED or wrong on bandwidth: 1 metric, 0 words; .*--fidelity bandwidth"));
  EXPECT_THAT(table, ContainsRegex("UNEXPLAINED or wrong on only dram: 0 metrics, 3 words; .*--only dram"));
}

}  // namespace
}  // namespace loopsim
