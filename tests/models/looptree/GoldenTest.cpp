#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "inputs/Inputs.hpp"
#include "models/looptree/EnumeratedAccess.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "models/looptree/factored/FactoredAccess.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

using nlohmann::json;

std::filesystem::path golden_folder() {
  return source_folder() / "tests" / "goldens" / "looptree";
}

bool is_big(const std::string& name) {
  return name.rfind("big_", 0) == 0;
}

/// All cases, or those that are big or not.
std::vector<std::string> golden_cases(std::optional<bool> big = std::nullopt) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".yaml" && (!big || is_big(name) == *big)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::ifstream(golden_folder() / (GetParam() + ".expected.json")) >> expected_;
    const Inputs inputs = load_inputs({(golden_folder() / (GetParam() + ".yaml")).string()});
    Diagnostics diagnostics;
    tree_ = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  }

  std::string key(LevelId level, TensorId tensor, EinsumId einsum) const {
    return std::to_string(level.value) + "/" + tree_.graph.tensors[tensor].name + "/" +
           tree_.graph.einsums[einsum].name;
  }

  BoundTree tree_;
  json expected_;
};

TEST_P(Golden, Einsums) {
  const LoopTreeEstimate result = estimate(tree_);
  ASSERT_EQ(expected_["einsums"].size(), tree_.graph.einsums.size());
  std::int64_t macs = 0;
  for (std::size_t e = 0; e < tree_.graph.einsums.size(); ++e) {
    const EinsumMeasures& got = result.measures.einsums[EinsumId(e)];
    const json& want = expected_["einsums"][tree_.graph.einsums[EinsumId(e)].name];
    EXPECT_EQ(json(got.ops), want["ops"]);
    EXPECT_EQ(json(got.ops - got.space_ops), want["recomputed_ops"]);
    EXPECT_EQ(json(got.steps), want["temporal_steps"]);
    EXPECT_EQ(json(got.ops_per_tile), want["ops_per_tile"]);
    EXPECT_EQ(json(got.steps_per_tile), want["steps_per_tile"]);
    macs += got.ops;
  }
  EXPECT_EQ(result.macs, macs);
}

TEST_P(Golden, Latency) {
  const LoopTreeEstimate result = estimate(tree_);
  EXPECT_EQ(json(result.compute_cycles), expected_["latency_steps"]);
  EXPECT_EQ(json(result.cycles), expected_["latency_steps"]);
  EXPECT_EQ(json(result.sequential_steps), expected_["latency_steps_sequential"]);
  EXPECT_EQ(result.hidden_steps ? json(*result.hidden_steps) : json(), expected_["hidden_steps"]);
  if (!expected_["latency_exact_recurrence"].is_null()) {
    EXPECT_EQ(json(result.unlimited_steps.value_or(-1)), expected_["latency_exact_recurrence"]);
  }
}

TEST_P(Golden, Accesses) {
  const LoopTreeEstimate result = estimate(tree_);
  json got;
  for (const AccessMeasures& access : result.measures.accesses) {
    const std::string name = key(access.level, access.tensor, access.einsum);
    got["reads"][name] = access.reads;
    got["writes"][name] = access.writes;
    got["fills"][name] = access.fills;
    got["max_occupancy"][name] = access.max_occupancy;
    got["peer_transfers"][name] = access.peer;
    got["parent_reads"][name] = access.parent_reads;
    if (!access.fill_series) continue;
    got["fill_series"][name] = *access.fill_series;
    got["occupancy_series"][name] = *access.occupancy_series;
  }
  for (const auto& [what, counts] : got.items()) {
    if (!expected_.contains(what)) continue;  // not every case records everything
    for (const auto& [name, value] : counts.items()) {
      EXPECT_EQ(value, expected_[what].value(name, json(0))) << what << " " << name;
    }
    for (const auto& [name, value] : expected_[what].items()) {
      EXPECT_TRUE(counts.contains(name)) << what << " " << name;
    }
  }
}

TEST_P(Golden, Levels) {
  const LoopTreeEstimate result = estimate(tree_);
  for (std::size_t i = 0; i < tree_.architecture.memories.size(); ++i) {
    const LevelId level(i);
    const std::string name = std::to_string(i);
    EXPECT_EQ(json(result.required_words[level]), expected_["capacity"].value(name, json(0)));
    if (!expected_.contains("level_reads")) continue;
    EXPECT_EQ(json(result.measures.levels[level].reads), expected_["level_reads"].value(name, json(0)));
    EXPECT_EQ(json(result.measures.levels[level].writes), expected_["level_writes"].value(name, json(0)));
  }
}

class GoldenCounting : public Golden {};

/// Where the model counts in closed form, holding every iteration's words gives the same.
TEST_P(GoldenCounting, FactorsEqualEnumeration) {
  TileLists tiles(tree_);
  for (std::size_t e = 0; e < tree_.graph.einsums.size(); ++e) {
    for (const AccessPath& path : access_paths(tree_, EinsumId(e))) {
      const auto factored = factored_access(tree_, path, tiles, true);
      ASSERT_TRUE(factored.has_value()) << key(path.level, path.tensor, path.einsum);
      const AccessCounts counted = enumerate_access(tree_, path);
      EXPECT_EQ(factored->fills, counted.fills);
      EXPECT_EQ(factored->peer, counted.peer);
      EXPECT_EQ(factored->parent_reads, counted.parent_reads);
      EXPECT_EQ(factored->max_occupancy, counted.max_occupancy);
      EXPECT_EQ(factored->fill_series, counted.fill_series);
      EXPECT_EQ(factored->occupancy_series, counted.occupancy_series);
    }
  }
}

constexpr auto name_of = [](const auto& golden) { return golden.param; };

INSTANTIATE_TEST_SUITE_P(LoopTree, Golden, ::testing::ValuesIn(golden_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(LoopTree, GoldenCounting, ::testing::ValuesIn(golden_cases(false)), name_of);
INSTANTIATE_TEST_SUITE_P(LoopTreeSlow, GoldenCounting, ::testing::ValuesIn(golden_cases(true)), name_of);

}  // namespace
}  // namespace loopsim
