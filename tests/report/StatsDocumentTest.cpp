#include <gtest/gtest.h>

#include "report/StatsDocument.hpp"
#include "tests/report/SampleCase.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::vector<std::string>;

Keys keys(const Json& object) {
  Keys names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

Json sample_document() {
  return stats_document(test::sample_tree(), test::sample_result(), test::sample_provenance());
}

TEST(StatsDocument, HasTheKeysOfTheContractInOrder) {
  const Json document = sample_document();
  EXPECT_EQ(keys(document), (Keys{"schema_version", "tool", "inputs", "fidelity", "warnings", "estimate", "simulation",
                                  "comparison", "bridge"}));
  EXPECT_EQ(keys(document["tool"]), (Keys{"version", "git", "systemc"}));
  EXPECT_EQ(keys(document["inputs"][0]), (Keys{"path", "sha256"}));
  const Keys common = {"einsums", "tensors", "levels", "accesses", "energy"};
  Keys estimate = {"cycles",   "compute_cycles", "sequential_steps", "hidden_steps", "unlimited_steps", "memory_cycles",
                   "bound_by", "macs",           "energy_pj",        "layout"};
  estimate.insert(estimate.end(), common.begin(), common.end());
  EXPECT_EQ(keys(document["estimate"]), estimate);
  Keys simulation = {"cycles", "macs", "energy_pj"};
  simulation.insert(simulation.end(), common.begin(), common.end());
  for (const char* key : {"accounting", "dram", "glb", "noc", "functional"}) simulation.emplace_back(key);
  EXPECT_EQ(keys(document["simulation"]), simulation);
  EXPECT_EQ(keys(document["comparison"][0]),
            (Keys{"metric", "estimate", "simulation", "delta", "relative", "verdict", "causes"}));
  EXPECT_EQ(keys(document["comparison"][0]["causes"][0]), (Keys{"name", "amount"}));
  EXPECT_EQ(keys(document["bridge"][0]), (Keys{"cause", "cycles"}));
}

TEST(StatsDocument, HasTheKeysOfTheContractWithinASide) {
  const Json document = sample_document();
  const Json& estimate = document["estimate"];
  const Json& simulation = document["simulation"];
  EXPECT_EQ(keys(estimate["einsums"]), (Keys{"First", "Second"}));
  EXPECT_EQ(keys(estimate["einsums"]["First"]),
            (Keys{"ops", "space_ops", "distinct_ops", "recomputed_ops", "steps", "ops_per_tile", "steps_per_tile"}));
  EXPECT_EQ(keys(estimate["levels"]), (Keys{"DRAM", "Buffer"}));
  EXPECT_EQ(keys(estimate["levels"]["DRAM"]), (Keys{"index", "size_words", "reads", "writes", "required_words"}));
  EXPECT_EQ(keys(simulation["levels"]["DRAM"]), (Keys{"index", "size_words", "reads", "writes", "peak_words",
                                                      "min_words", "peak_live_words", "boundary_live_words"}));
  EXPECT_EQ(keys(estimate["energy"][0]), (Keys{"component", "action", "tensor", "einsum", "count", "pj"}));
  const Json& account = simulation["accounting"][0];
  EXPECT_EQ(keys(account), (Keys{"stage", "compute", "ramp", "drain", "idle", "stall", "detail", "total", "ports"}));
  EXPECT_EQ(keys(account["stall"]), (Keys{"dram", "glb", "noc", "space", "writeback", "dependency"}));
  for (const char* key : {"row_hits", "row_misses", "row_conflicts", "refreshes", "bytes"}) {
    EXPECT_TRUE(simulation["dram"].contains(key)) << key;
  }
  EXPECT_TRUE(simulation["glb"].contains("bank_conflict_cycles"));
  EXPECT_TRUE(simulation["noc"].contains("flits"));
  EXPECT_TRUE(simulation["noc"].contains("avg_latency"));
}

TEST(StatsDocument, CarriesTheValues) {
  const Json document = sample_document();
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["fidelity"], "bandwidth");
  EXPECT_EQ(document["inputs"][1]["path"], "preset:edge");
  const Json& estimate = document["estimate"];
  const Json& simulation = document["simulation"];
  EXPECT_EQ(estimate["memory_cycles"], (Json{{"DRAM", 10'240}, {"Buffer", 77}}));
  EXPECT_EQ(estimate["einsums"]["Second"]["recomputed_ops"], 30);
  EXPECT_EQ(estimate["einsums"]["Second"]["ops_per_tile"], (Json{600, 400}));
  EXPECT_EQ(simulation["einsums"]["First"]["ops"], 1'005);
  EXPECT_EQ(estimate["levels"]["Buffer"]["index"], 1);
  EXPECT_EQ(estimate["levels"]["Buffer"]["size_words"], 4'096);
  EXPECT_EQ(estimate["levels"]["Buffer"]["required_words"], 2'000);
  EXPECT_EQ(estimate["levels"]["Buffer"]["writes"], 22);
  EXPECT_EQ(simulation["levels"]["Buffer"]["reads"], 26);
  EXPECT_EQ(simulation["levels"]["Buffer"]["peak_words"], 1'900);
  EXPECT_EQ(simulation["levels"]["Buffer"]["min_words"], 1'000);
  EXPECT_EQ(simulation["levels"]["Buffer"]["peak_live_words"], 1'500);
  EXPECT_EQ(simulation["accounting"][0]["stall"]["dependency"], 100);
  EXPECT_EQ(simulation["accounting"][0]["detail"]["stall.dram.latency"], 40);
  EXPECT_EQ(simulation["accounting"][0]["total"], 10'912);
  EXPECT_EQ(simulation["dram"]["bytes"], 768);
  EXPECT_EQ(simulation["glb"]["port_wait_cycles"], 66);
  EXPECT_EQ(simulation["noc"]["bits"], 88);
  EXPECT_EQ(estimate["tensors"]["A"], (Json{{"words", 10}, {"bits", 8}}));
  EXPECT_EQ(estimate["tensors"]["C"]["bits"], 32);
}

TEST(StatsDocument, AccessesOfAMemoryHaveAllKeysThoseOfTheArrayFour) {
  const Json document = sample_document();
  const Json& memory = document["estimate"]["accesses"][1];
  EXPECT_EQ(keys(memory), (Keys{"level", "level_name", "tensor", "einsum", "node", "reads", "writes", "fills",
                                "parent_reads", "peer", "max_occupancy", "fill_series", "occupancy_series"}));
  EXPECT_EQ(memory["level_name"], "Buffer");
  EXPECT_EQ(memory["tensor"], "B");
  EXPECT_EQ(memory["einsum"], "Second");
  EXPECT_EQ(memory["node"], 1);
  EXPECT_EQ(memory["reads"], 201);
  EXPECT_EQ(memory["max_occupancy"], 206);
  EXPECT_EQ(memory["fill_series"], (Json{207, 208}));
  EXPECT_TRUE(memory["occupancy_series"].is_null());
  const Json& array = document["estimate"]["accesses"][2];
  EXPECT_EQ(keys(array), (Keys{"level", "level_name", "tensor", "einsum", "parent_reads", "peer"}));
  EXPECT_EQ(array["level_name"], "MACs");
  EXPECT_EQ(array["parent_reads"], 304);
}

TEST(StatsDocument, AbsentFiguresAreNull) {
  const Json document = sample_document();
  EXPECT_TRUE(document["estimate"]["unlimited_steps"].is_null());
  EXPECT_EQ(document["estimate"]["hidden_steps"], 500);
  EXPECT_TRUE(document["estimate"]["levels"]["DRAM"]["size_words"].is_null());
  EXPECT_TRUE(document["estimate"]["energy"][1]["tensor"].is_null());
  EXPECT_TRUE(document["estimate"]["energy"][1]["einsum"].is_null());
  EXPECT_TRUE(document["simulation"]["functional"].is_null());
}

TEST(StatsDocument, CountsAreIntegersAndEnergiesFractions) {
  const Json document = sample_document();
  EXPECT_TRUE(document["estimate"]["energy"][0]["pj"].is_number_float());
  EXPECT_TRUE(document["estimate"]["energy_pj"].is_number_float());
  const Json& cycles = document["comparison"][0];
  EXPECT_EQ(cycles.dump(), R"({"metric":"cycles","estimate":10240,"simulation":10912,"delta":672,"relative":0.065625,)"
                           R"("verdict":"explained","causes":[{"name":"not_memory_bound","amount":-1240},)"
                           R"({"name":"stall.dram","amount":1912}]})");
  EXPECT_TRUE(document["comparison"][1]["estimate"].is_number_float());
  EXPECT_EQ(document["comparison"][1]["relative"], 0.0);
  EXPECT_TRUE(document["comparison"][2]["relative"].is_null()) << "nothing to relate to";
}

TEST(StatsDocument, DoublesSurviveTheText) {
  const Json document = Json::parse(sample_document().dump());
  EXPECT_EQ(document["estimate"]["energy"][1]["pj"].get<double>(), 0.1 + 0.2);
}

TEST(StatsDocument, WarningsComeFromEverywhereOnce) {
  EXPECT_EQ(sample_document()["warnings"],
            (Json{"case.yaml:3:5: the tile is larger than the rank", "a series is too long", "the buffer is large"}));
}

TEST(StatsDocument, EstimateAloneHasNoOtherSide) {
  CaseResult result;
  result.estimate = test::sample_result().estimate;
  const Json document = stats_document(test::sample_tree(), result, test::sample_provenance());
  EXPECT_EQ(keys(document), (Keys{"schema_version", "tool", "inputs", "fidelity", "warnings", "estimate"}));
  EXPECT_TRUE(document["fidelity"].is_null());
}

TEST(StatsDocument, FunctionalResult) {
  CaseResult result = test::sample_result();
  result.measurement->functional = FunctionalResult{100, 1, {"C[0, 1]: 5, expected 6"}};
  const Json document = stats_document(test::sample_tree(), result, test::sample_provenance());
  EXPECT_EQ(document["simulation"]["functional"]["checked"], 100);
  EXPECT_EQ(document["simulation"]["functional"]["mismatches"], 1);
  EXPECT_FALSE(agrees(result));
}

TEST(CaseResult, AgreesUnlessSomethingIsUnexplainedOrWrong) {
  CaseResult result = test::sample_result();
  EXPECT_FALSE(agrees(result));
  result.comparison->entries[2].verdict = Verdict::explained;
  EXPECT_TRUE(agrees(result));
  result.measurement->functional = FunctionalResult{100, 0, {}};
  EXPECT_TRUE(agrees(result));
}

}  // namespace
}  // namespace loopsim
