// Models beside LoopTree's: a second one is a row in a list, and its figures come out everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "models/table/AnalyticalModels.hpp"
#include "report/CaseTable.hpp"
#include "report/LadderTable.hpp"
#include "report/StatsCsv.hpp"
#include "report/StatsDocument.hpp"
#include "runs/RunCase.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

/// Knows neither fills nor capacities nor energy, and only the outermost memory.
Estimate guess(const BoundTree&) {
  Estimate estimate;
  estimate.cycles = 1'234'567;
  estimate.compute_cycles = 7;
  LevelEstimate outermost;
  outermost.cycles = 77;
  outermost.reads = 1'000;
  outermost.writes = 222;
  estimate.levels.push_back(outermost);
  estimate.warnings = {"the guess is bold"};
  return estimate;
}

std::vector<AnalyticalModel> two_models() {
  std::vector<AnalyticalModel> models = analytical_models();
  models.push_back({"guess", {"the moon is full", "nobody measures"}, guess});
  return models;
}

BoundTree small_tree() {
  const Inputs inputs = load_inputs({(source_folder() / "tests/presets_small/fc_fc/fused.yaml").string(),
                                     (source_folder() / "tests/presets_small/edge.yaml").string()});
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

CaseResult run_with(const BoundTree& tree, const std::vector<AnalyticalModel>& models) {
  SimulationOptions options;
  options.fidelity = Fidelity::bandwidth;
  return run_case(tree, estimates_of(tree, models), options);
}

const Json* row_of(const Json& comparison, const std::string& metric) {
  for (const Json& row : comparison) {
    if (row["metric"] == metric) return &row;
  }
  return nullptr;
}

TEST(Models, APlainRunHasNoWordOfThem) {
  const BoundTree tree = small_tree();
  const CaseResult plain = run_with(tree, {});
  EXPECT_FALSE(stats_document(tree, plain, Provenance()).contains("estimates"));
  EXPECT_THAT(case_table(tree, plain, Provenance(), TableStyle()), Not(HasSubstr("Models beside")));
  EXPECT_THAT(stats_csv(tree, plain), Not(HasSubstr("estimate looptree")));
}

TEST(Models, ASecondOneComesOutInStatsJson) {
  const BoundTree tree = small_tree();
  const std::string outermost = tree.architecture.memories[0].name;
  const std::string buffer = tree.architecture.memories[1].name;
  const CaseResult result = run_with(tree, two_models());
  const Json with = stats_document(tree, result, Provenance());
  CaseResult alone = result;
  alone.models.clear();
  const Json plain = stats_document(tree, alone, Provenance());
  for (const char* same : {"estimate", "simulation", "comparison", "bridge"})
    EXPECT_EQ(with[same], plain[same]) << same;
  EXPECT_EQ(with["warnings"].size(), plain["warnings"].size() + 1);

  ASSERT_EQ(with["estimates"].size(), 2U);
  const Json& guessed = with["estimates"]["guess"];
  EXPECT_EQ(guessed["assumptions"], (Json{"the moon is full", "nobody measures"}));
  EXPECT_EQ(guessed["cycles"], 1'234'567);
  EXPECT_EQ(guessed["compute_cycles"], 7);
  EXPECT_TRUE(guessed["energy_pj"].is_null());
  EXPECT_TRUE(guessed["macs"].is_null());
  EXPECT_EQ(guessed["memory_cycles"][outermost], 77);
  EXPECT_TRUE(guessed["memory_cycles"][buffer].is_null());
  EXPECT_EQ(guessed["levels"][outermost]["reads"], 1'000);
  EXPECT_TRUE(guessed["levels"][outermost]["fills"].is_null());
  EXPECT_TRUE(guessed["levels"][buffer]["required_words"].is_null());
}

TEST(Models, ASecondOneIsComparedWhereItHasTheFigure) {
  const BoundTree tree = small_tree();
  const std::string outermost = tree.architecture.memories[0].name;
  const Json with = stats_document(tree, run_with(tree, two_models()), Provenance());
  const Json& rows = with["estimates"]["guess"]["comparison"];
  ASSERT_EQ(rows.size(), 3U);
  const Json* cycles = row_of(rows, "cycles");
  ASSERT_NE(cycles, nullptr);
  EXPECT_EQ((*cycles)["simulation"], with["simulation"]["cycles"]);
  EXPECT_EQ((*cycles)["delta"], with["simulation"]["cycles"].get<std::int64_t>() - 1'234'567);
  const Json* writes = row_of(rows, "writes:" + outermost);
  ASSERT_NE(writes, nullptr);
  EXPECT_EQ((*writes)["estimate"], 222);
  EXPECT_EQ((*writes)["simulation"], with["simulation"]["levels"][outermost]["writes"]);
  EXPECT_EQ(row_of(rows, "fills:" + outermost), nullptr);
}

/// A model's opinion is no fault of the run.
TEST(Models, AWrongOneIsNoDisagreement) {
  EXPECT_TRUE(agrees(run_with(small_tree(), two_models())));
}

TEST(Models, LoopTreesSharedFiguresAreItsOwn) {
  const BoundTree tree = small_tree();
  const Json document = stats_document(tree, run_with(tree, analytical_models()), Provenance());
  const Json& own = document["estimate"];
  const Json& shared = document["estimates"]["looptree"];
  for (const char* figure : {"cycles", "compute_cycles", "macs", "energy_pj", "memory_cycles"}) {
    EXPECT_EQ(shared[figure], own[figure]) << figure;
  }
  for (const auto& [name, level] : own["levels"].items()) {
    for (const char* figure : {"reads", "writes", "required_words"}) {
      EXPECT_EQ(shared["levels"][name][figure], level[figure]) << name << ' ' << figure;
    }
    std::int64_t fills = 0;
    for (const Json& access : own["accesses"]) {
      if (access["level_name"] == name) fills += access["fills"].get<std::int64_t>();
    }
    EXPECT_GT(fills, 0);
    EXPECT_EQ(shared["levels"][name]["fills"], fills) << name;
  }
  for (const char* metric : {"cycles", "macs", "energy_pj"}) {
    const Json* judged = row_of(document["comparison"], metric);
    const Json* shown = row_of(shared["comparison"], metric);
    ASSERT_TRUE(judged != nullptr && shown != nullptr) << metric;
    for (const char* field : {"estimate", "simulation", "delta", "relative"}) {
      EXPECT_NEAR((*judged)[field].get<double>(), (*shown)[field].get<double>(),
                  1e-9 * std::abs((*judged)[field].get<double>()));
    }
  }
}

TEST(Models, ASecondOneComesOutInCsv) {
  const BoundTree tree = small_tree();
  const std::string csv = stats_csv(tree, run_with(tree, two_models()));
  EXPECT_THAT(csv, HasSubstr("\nestimate guess,,,,,,cycles,1234567,cycle\n"));
  EXPECT_THAT(
      csv, HasSubstr("\nestimate guess,," + tree.architecture.memories[0].name + ",,,write,level_writes,222,word\n"));
  EXPECT_THAT(csv, HasSubstr("\nestimate looptree,,,,,,total_energy,"));
  EXPECT_THAT(csv, Not(HasSubstr("estimate guess,,,,,,total_energy")));
  EXPECT_THAT(csv, Not(ContainsRegex("estimate guess,[^\n]*level_fills")));
}

TEST(Models, ASecondOneComesOutInTheTables) {
  const BoundTree tree = small_tree();
  const CaseResult result = run_with(tree, two_models());
  const std::string table = case_table(tree, result, Provenance(), TableStyle());
  EXPECT_THAT(table, HasSubstr("Models beside the simulation"));
  EXPECT_THAT(table, ContainsRegex("\n  looptree +[0-9,]+ "));
  EXPECT_THAT(table, ContainsRegex("\n  guess +1,234,567 +-[0-9.]+ % +7 +- +1,222\n"));
  EXPECT_THAT(table, HasSubstr("  guess assumes:\n    the moon is full\n    nobody measures\n"));

  Diagnostics diagnostics;
  const std::string alone =
      case_table(tree, estimate_case(tree, two_models(), diagnostics), Provenance(), TableStyle());
  EXPECT_THAT(alone, ContainsRegex("\n  guess +1,234,567 +7 +- +1,222\n"));
  EXPECT_THAT(alone, Not(HasSubstr("\n  simulation")));

  const Estimates estimates = estimates_of(tree, two_models());
  const std::string ladder = ladder_table(tree, {}, {}, estimates.chosen, Provenance(), 0);
  EXPECT_THAT(ladder, ContainsRegex("\n  guess +1,234,567\n"));
}

TEST(Models, AreNamedOnceInTheTablesOrderAndTheFirstComesAlong) {
  EXPECT_TRUE(models_named({}).empty());
  const auto names = [](const std::vector<AnalyticalModel>& models) {
    std::vector<std::string> all;
    for (const AnalyticalModel& model : models) all.push_back(model.name);
    return all;
  };
  EXPECT_THAT(names(models_named({"looptree", "looptree"})), ElementsAre("looptree"));
  EXPECT_THAT(names(models_named({"no such"})), ElementsAre("looptree"));
  EXPECT_EQ(complaint_about_model("looptree"), "");
  EXPECT_EQ(complaint_about_model("lopotree"), "there is no model 'lopotree'; did you mean 'looptree'?");
}

}  // namespace
}  // namespace loopsim
