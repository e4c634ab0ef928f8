#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "report/StatsCsv.hpp"
#include "tests/report/SampleCase.hpp"

namespace loopsim {
namespace {

using testing::Contains;
using testing::Each;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(StatsCsv, HasTheHeaderAndOneRowAValue) {
  const auto lines = lines_of(stats_csv(test::sample_tree(), test::sample_result()));
  EXPECT_EQ(lines.front(), "run,einsum,component,instance,tensor,action,metric,value,unit");
  EXPECT_THAT(lines, Contains("estimate,,,,,,cycles,10240,cycle"));
  EXPECT_THAT(lines, Contains("bandwidth,,,,,,cycles,10912,cycle"));
  EXPECT_THAT(lines, Contains("estimate,,Buffer,,,,required_words,2000,word"));
  EXPECT_THAT(lines, Contains("bandwidth,,Buffer,,,,peak_words,1900,word"));
  EXPECT_THAT(lines, Contains("estimate,Second,Buffer,node1,B,read,reads,201,word"));
  EXPECT_THAT(lines, Contains("bandwidth,Second,MACs,,B,parent_read,parent_reads,309,word"));
  EXPECT_THAT(lines, Contains("estimate,First,DRAM,,A,read,energy,3,pJ"));
  EXPECT_THAT(lines, Contains("bandwidth,,MACs,First+Second,,stall.dram,stage_cycles,1700,cycle"));
  EXPECT_THAT(lines, Contains("bandwidth,,,,,not_memory_bound,bridge_cycles,-1240,cycle"));
  EXPECT_THAT(lines, Contains("bandwidth,,DRAM,,,read,bytes,640,byte"));
}

TEST(StatsCsv, HasCountersOfOneActionTogether) {
  const auto lines = lines_of(stats_csv(test::sample_tree(), test::sample_result()));
  const auto first = std::find(lines.begin(), lines.end(), "bandwidth,,DRAM,,,read,bytes,640,byte");
  ASSERT_GE(lines.end() - first, 5);
  EXPECT_EQ(
      std::vector<std::string>(first, first + 5),
      (std::vector<std::string>{"bandwidth,,DRAM,,,read,bytes,640,byte", "bandwidth,,DRAM,,,read,bursts,10,burst",
                                "bandwidth,,DRAM,,,write,bytes,128,byte", "bandwidth,,DRAM,,,write,bursts,2,burst",
                                "bandwidth,,DRAM,,,,busy_cycles,33,cycle"}));
}

TEST(StatsCsv, HasTheCountersOfTheDramAndOfTheBanks) {
  const auto lines = lines_of(stats_csv(test::sample_tree(), test::sample_result_with_banks()));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,row_hits,9,burst"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,row_misses,2,burst"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,row_conflicts,1,burst"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,refreshes,4,command"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,forwarded_reads,5,burst"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,refresh_blocked_cycles,160,cycle"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,,turnaround_cycles,30,cycle"));
  EXPECT_THAT(lines, Contains("glb,,DRAM,,,ACT,commands,3,command"));
  EXPECT_THAT(lines, Contains("glb,,Buffer,,,,bank_conflict_cycles,700,cycle"));
  EXPECT_THAT(lines, Contains("glb,,Buffer,,,,bank_arbitration_cycles,20,cycle"));
  EXPECT_THAT(lines, Contains("glb,,Buffer,,,,line_accesses,2000,access"));
  EXPECT_THAT(lines, Contains("glb,,Buffer,bank1,,,bank_busy_cycles,500,cycle"));
  EXPECT_THAT(lines, Contains("glb,First,Buffer,,A,,layout_steps,100,step"));
  EXPECT_THAT(lines, Contains("glb,First,Buffer,,A,,layout_lines,1600,access"));
  EXPECT_THAT(lines, Contains("glb,First,Buffer,,A,,layout_bank_cycles,800,cycle"));
  EXPECT_THAT(lines, Contains("glb,First,Buffer,,A,,layout_slowdown,0.125,"));
  EXPECT_THAT(lines, Contains("estimate,First,Buffer,,A,,layout_lines_per_step,16,access"));
  EXPECT_THAT(lines, Contains("estimate,Second,Buffer,,A,,layout_slowdown,1,"));
}

TEST(StatsCsv, EveryRowHasNineFieldsAndAKeyOfItsOwn) {
  const auto lines = lines_of(stats_csv(test::sample_tree(), test::sample_result_with_banks()));
  std::set<std::string> seen;
  for (const std::string& line : lines) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 8) << line;
    const std::size_t unit = line.rfind(',');
    const std::string key = line.substr(0, line.rfind(',', unit - 1));
    EXPECT_TRUE(seen.insert(key).second) << line;
  }
}

TEST(StatsCsv, QuotesWhatNeedsIt) {
  BoundTree tree = test::sample_tree();
  tree.graph.einsums[EinsumId(0)].name = "a,\"b\"";
  const auto lines = lines_of(stats_csv(tree, test::sample_result()));
  EXPECT_THAT(lines, Contains("estimate,\"a,\"\"b\"\"\",,,,,ops,1000,op"));
}

TEST(StatsCsv, EstimateAlone) {
  CaseResult result;
  result.estimate = test::sample_result().estimate;
  auto lines = lines_of(stats_csv(test::sample_tree(), result));
  lines.erase(lines.begin());
  EXPECT_THAT(lines, Each(StartsWith("estimate,")));
}

}  // namespace
}  // namespace loopsim
