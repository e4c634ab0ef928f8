#include <gtest/gtest.h>
#include <random>

#include "arch/FidelityName.hpp"
#include "report/StatsCsv.hpp"
#include "report/StatsDocument.hpp"
#include "runs/Ladder.hpp"
#include "tests/report/SampleLadder.hpp"

namespace loopsim {
namespace {

std::map<std::string, std::int64_t> by_name(const std::vector<BridgeEntry>& causes) {
  std::map<std::string, std::int64_t> map;
  for (const BridgeEntry& entry : causes) map[entry.cause] += entry.cycles;
  return map;
}

TEST(Ladder, TellsWhatEveryRungAddsAndWhy) {
  const Ladder ladder = test::sample_ladder();
  EXPECT_EQ(ladder.estimate, 1'000);
  ASSERT_EQ(ladder.rungs.size(), 3U);
  EXPECT_EQ(ladder.rungs[0].added, -100);
  EXPECT_EQ(by_name(ladder.rungs[0].causes), (std::map<std::string, std::int64_t>{{"not_memory_bound", -100}}));
  EXPECT_EQ(ladder.rungs[1].added, 300);
  EXPECT_EQ(by_name(ladder.rungs[1].causes),
            (std::map<std::string, std::int64_t>{{"compute_off_path", -20}, {"stall.dram", 320}}));
  // A cause that a rung no longer has counts as taken away, one that stays as it was is left out.
  EXPECT_EQ(ladder.rungs[2].added, -150);
  EXPECT_EQ(by_name(ladder.rungs[2].causes),
            (std::map<std::string, std::int64_t>{{"stall.dram", -190}, {"stall.glb", 40}}));
}

TEST(Ladder, TellsWhatAnEffectAddsAlone) {
  const Ladder ladder = test::sample_ladder();
  EXPECT_FALSE(ladder.rungs[0].alone);
  EXPECT_EQ(ladder.rungs[1].alone, 300);  // the rung has no other effect
  EXPECT_EQ(ladder.rungs[2].alone, 77);
}

TEST(Ladder, CausesSumToWhatIsAdded) {
  std::mt19937 random(7);
  const auto number = [&random](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const std::vector<std::string> causes = {"compute_off_path", "stall.dram", "stall.glb", "stall.noc", "stall.space"};
  for (int round = 0; round < 500; ++round) {
    const std::int64_t estimate = number(0, 1'000);
    std::vector<RungResult> results;
    for (int rung = 0; rung < number(1, 5); ++rung) {
      RungResult result;
      result.rung = static_cast<Fidelity>(rung);
      result.cycles = estimate;
      for (const std::string& cause : causes) {
        if (number(0, 2) == 0) continue;
        result.bridge.push_back({cause, number(-3, 3)});
        result.cycles += result.bridge.back().cycles;
      }
      results.push_back(result);
    }
    const Ladder ladder = build_ladder(estimate, results, {});
    std::int64_t cycles = estimate;
    for (const LadderRung& rung : ladder.rungs) {
      std::int64_t sum = 0;
      for (const BridgeEntry& entry : rung.causes) {
        EXPECT_NE(entry.cycles, 0);
        sum += entry.cycles;
      }
      EXPECT_EQ(sum, rung.added);
      cycles += rung.added;
      EXPECT_EQ(cycles, rung.cycles);
    }
  }
}

TEST(Ladder, ThePlanHasEveryModelledRungOnceAndEachEffectAlone) {
  const LadderPlan plan = full_ladder(true);
  ASSERT_EQ(plan.rungs.size(), all_rungs().size());
  for (std::size_t i = 0; i < plan.rungs.size(); ++i) {
    EXPECT_EQ(plan.rungs[i].fidelity, all_rungs()[i]);
    EXPECT_FALSE(plan.rungs[i].only);
    EXPECT_TRUE(plan.rungs[i].functional);
  }
  // `ideal` has no effect, `bandwidth` no other.
  ASSERT_EQ(plan.alone.size(), plan.rungs.size() - 2);
  for (std::size_t i = 0; i < plan.alone.size(); ++i) {
    EXPECT_EQ(plan.alone[i].fidelity, plan.rungs[i + 2].fidelity);
    EXPECT_TRUE(plan.alone[i].only);
  }
}

TEST(Ladder, ThePlanOfOneEffect) {
  const LadderPlan plan = ladder_of_one(Fidelity::noc, false);
  ASSERT_EQ(plan.rungs.size(), 2U);
  EXPECT_EQ(plan.rungs[0].fidelity, Fidelity::ideal);
  EXPECT_FALSE(plan.rungs[0].only);
  EXPECT_EQ(plan.rungs[1].fidelity, Fidelity::noc);
  EXPECT_TRUE(plan.rungs[1].only);
  EXPECT_TRUE(plan.alone.empty());

  RungResult ideal = test::sample_rungs()[0];
  RungResult noc = test::sample_rungs()[1];
  noc.rung = Fidelity::noc;
  noc.only = true;
  EXPECT_EQ(build_ladder(1'000, {ideal, noc}, {}).rungs[1].alone, 300);
}

TEST(Ladder, AResultCrossesProcessesUnchanged) {
  RungResult result = test::sample_rungs()[2];
  result.only = true;
  result.macs = 123;
  result.unexplained = 4;
  result.checked_words = 5;
  result.wrong_words = 6;
  result.warnings = {"one", "two \"quoted\""};
  result.document = {{"z", 0.1}, {"a", 9'007'199'254'740'993}, {"whole", 2.0}};
  result.csv = "a,b\n1,2\n";
  const std::string text = to_json(result).dump();
  const RungResult same = rung_result_from(nlohmann::ordered_json::parse(text));
  EXPECT_EQ(to_json(same).dump(), text);
  EXPECT_EQ(same.rung, result.rung);
  EXPECT_EQ(same.only, result.only);
  EXPECT_EQ(same.cycles, result.cycles);
  EXPECT_EQ(same.macs, 123);
  EXPECT_EQ(by_name(same.bridge), by_name(result.bridge));
  EXPECT_EQ(same.unexplained, 4);
  EXPECT_EQ(same.checked_words, 5);
  EXPECT_EQ(same.wrong_words, 6);
  EXPECT_EQ(same.warnings, result.warnings);
  EXPECT_EQ(same.document.dump(), R"({"z":0.1,"a":9007199254740993,"whole":2.0})");
  EXPECT_EQ(same.csv, result.csv);
  EXPECT_FALSE(same.agrees());
  EXPECT_FALSE(rung_result_from(to_json(RungResult())).checked_words);
}

TEST(Ladder, TheDocumentHasItRungByRung) {
  nlohmann::ordered_json document = {{"schema_version", 1}};
  add_ladder(document, test::sample_ladder());
  EXPECT_EQ(document.dump(),
            R"({"schema_version":1,"ladder":[)"
            R"({"rung":"ideal","cycles":900,"added":-100,"causes":{"not_memory_bound":-100},"alone":null},)"
            R"({"rung":"bandwidth","cycles":1200,"added":300,"causes":{"compute_off_path":-20,"stall.dram":320},)"
            R"("alone":300},)"
            R"({"rung":"dram","cycles":1050,"added":-150,"causes":{"stall.glb":40,"stall.dram":-190},"alone":77}]})");
}

TEST(Ladder, TheTidyTableHasItRowByRow) {
  EXPECT_EQ(ladder_rows(test::sample_ladder()),
            "ideal,,,,,,ladder_cycles,900,cycle\n"
            "ideal,,,,,,ladder_added,-100,cycle\n"
            "ideal,,,,,not_memory_bound,ladder_cause,-100,cycle\n"
            "bandwidth,,,,,,ladder_cycles,1200,cycle\n"
            "bandwidth,,,,,,ladder_added,300,cycle\n"
            "bandwidth,,,,,,ladder_alone,300,cycle\n"
            "bandwidth,,,,,compute_off_path,ladder_cause,-20,cycle\n"
            "bandwidth,,,,,stall.dram,ladder_cause,320,cycle\n"
            "dram,,,,,,ladder_cycles,1050,cycle\n"
            "dram,,,,,,ladder_added,-150,cycle\n"
            "dram,,,,,,ladder_alone,77,cycle\n"
            "dram,,,,,stall.glb,ladder_cause,40,cycle\n"
            "dram,,,,,stall.dram,ladder_cause,-190,cycle\n");
}

}  // namespace
}  // namespace loopsim
