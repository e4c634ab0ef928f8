#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/machine/Simulate.hpp"
#include "tests/TestPaths.hpp"
#include "tests/comparison/BoundCase.hpp"
#include "tests/comparison/Complaints.hpp"
#include "tests/support/ForkedRun.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::json;

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(source_folder() / "tests/goldens/looptree")) {
    if (file.path().extension() == ".yaml") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Json expected_of(const std::string& name) {
  return Json::parse(std::ifstream(source_folder() / "tests/goldens/looptree" / (name + ".expected.json")));
}

/// Collects what differs from a golden.
class Differences {
 public:
  template <class T>
  void check(const std::string& what, const T& got, const Json& wanted) {
    if (Json(got) != wanted) text_ += fmt::format("{}: {}, expected {}\n", what, Json(got).dump(), wanted.dump());
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string access_name(const BoundTree& tree, const AccessMeasures& access) {
  return fmt::format("{}/{}/{}", access.level.value, tree.graph.tensors[access.tensor].name,
                     tree.graph.einsums[access.einsum].name);
}

void check_einsums(const BoundTree& tree, const std::string& side, const Measures& measures, const Json& expected,
                   Differences& differences) {
  for (const auto& [name, wanted] : expected.at("einsums").items()) {
    const EinsumMeasures& got = measures.einsums[einsum_named(tree, name)];
    differences.check(side + " ops " + name, got.ops, wanted.at("ops"));
    differences.check(side + " ops beyond the space " + name, got.ops - got.space_ops, wanted.at("recomputed_ops"));
    differences.check(side + " steps " + name, got.steps, wanted.at("temporal_steps"));
    differences.check(side + " ops_per_tile " + name, got.ops_per_tile, wanted.at("ops_per_tile"));
    differences.check(side + " steps_per_tile " + name, got.steps_per_tile, wanted.at("steps_per_tile"));
  }
}

/// `excused`: metrics that differ from the estimate for a reason the comparison gives.
void check_accesses(const BoundTree& tree, const std::string& side, const Measures& measures,
                    const std::set<std::string>& excused, const Json& expected, Differences& differences) {
  std::map<std::string, const AccessMeasures*> found;
  for (const AccessMeasures& access : measures.accesses) found[access_name(tree, access)] = &access;
  const AccessMeasures none;
  const auto check = [&](const char* metric, auto value_of) {
    for (const auto& [name, wanted] : expected.at(metric).items()) {
      if (excused.count(std::string(metric) + ":" + name) != 0) continue;
      const auto access = found.find(name);
      differences.check(side + " " + metric + " " + name, value_of(access == found.end() ? none : *access->second),
                        wanted);
    }
  };
  check("reads", [](const AccessMeasures& a) { return a.reads; });
  check("writes", [](const AccessMeasures& a) { return a.writes; });
  check("fills", [](const AccessMeasures& a) { return a.fills; });
  check("max_occupancy", [](const AccessMeasures& a) { return a.max_occupancy; });
  const auto check_series = [&](const char* metric, auto series_of) {
    for (const auto& [name, wanted] : expected.at(metric).items()) {
      if (name[0] > '1') continue;  // series end at the PE array
      const auto access = found.find(name);
      if (access == found.end() || !series_of(*access->second)) {
        differences.check(side + " " + metric + " " + name, nullptr, wanted);
      } else {
        differences.check(side + " " + metric + " " + name, *series_of(*access->second), wanted);
      }
    }
  };
  check_series("fill_series", [](const AccessMeasures& a) { return a.fill_series; });
  check_series("occupancy_series", [](const AccessMeasures& a) { return a.occupancy_series; });
}

std::string run_golden(const std::string& name) {
  const BoundTree tree = golden_case(name);
  const Json expected = expected_of(name);
  const LoopTreeEstimate estimate = loopsim::estimate(tree);
  SimulationOptions options;
  options.functional = true;
  const Measurement run = simulate(tree, options);
  const Comparison comparison = compare(tree, estimate, run);
  std::set<std::string> excused;
  for (const ComparisonEntry& entry : comparison.entries) {
    if (entry.verdict == Verdict::explained) excused.insert(entry.metric);
  }
  Differences differences;
  differences.check("estimate compute_cycles", estimate.compute_cycles, expected.at("latency_steps"));
  differences.check("run cycles", run.cycles, expected.at("latency_steps"));
  check_einsums(tree, "estimate", estimate.measures, expected, differences);
  check_einsums(tree, "run", run.measures, expected, differences);
  check_accesses(tree, "estimate", estimate.measures, {}, expected, differences);
  check_accesses(tree, "run", run.measures, excused, expected, differences);
  for (const auto& [level, words] : expected.at("capacity").items()) {
    differences.check("capacity of level " + level, estimate.required_words[LevelId(std::stoul(level))], words);
  }
  return differences.text() + complaints_about(estimate, run, comparison);
}

class GoldenRun : public ::testing::TestWithParam<std::string> {};

/// Estimate and run on the ideal machine have the figures of the reference implementation, nothing is unexplained, and
/// the outputs are bit-exact.
TEST_P(GoldenRun, HasTheReferenceFigures) {
  const ForkedResult result = run_forked([&] { return run_golden(GetParam()); }, std::chrono::seconds(100));
  EXPECT_TRUE(result.finished) << result.text;
  EXPECT_EQ(result.text, "");
}

INSTANTIATE_TEST_SUITE_P(Goldens, GoldenRun, ::testing::ValuesIn(golden_names()),
                         [](const auto& golden) { return golden.param; });

TEST(GoldenRuns, AreAllThere) {
  EXPECT_EQ(golden_names().size(), 46u);
}

}  // namespace
}  // namespace loopsim
