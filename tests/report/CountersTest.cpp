// Every number of stats.json is a row of a table of counters, and every row is in stats.json.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "inputs/Inputs.hpp"
#include "models/table/AnalyticalModels.hpp"
#include "report/Glossary.hpp"
#include "report/MetricUnit.hpp"
#include "report/StatsDocument.hpp"
#include "report/counters/CounterTables.hpp"
#include "report/counters/CounterText.hpp"
#include "runs/RunCase.hpp"
#include "tests/TestPaths.hpp"
#include "tests/report/SampleCase.hpp"
#include "tests/report/SampleLadder.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;
using Fields = std::set<std::string>;

/// Numbers of stats.json that count nothing, or whose unit does not belong to the field.
struct NoCounter {
  const char* path;
  const char* reason;
};

constexpr NoCounter no_counters[] = {
    {"schema_version", "a version"},
    {"SIDE.levels.NAME.index", "which level it is"},
    {"SIDE.accesses[].level", "which level it is"},
    {"SIDE.accesses[].node", "which of several storage nodes it is"},
    {"simulation.noc.networks[].buffer_ports[].column", "where the port is"},
    {"simulation.noc.networks[].dram_ports[].column", "where the port is"},
    {"simulation.noc.networks[].side_ports[].row", "where the port is"},
    {"comparison[].estimate", "in the unit of the entry's metric"},
    {"comparison[].simulation", "in the unit of the entry's metric"},
    {"comparison[].delta", "in the unit of the entry's metric"},
    {"comparison[].relative", "a ratio of the entry's metric"},
    {"comparison[].causes[].amount", "in the unit of the entry's metric"},
    {"estimates.MODEL.comparison[].estimate", "in the unit of the entry's metric"},
    {"estimates.MODEL.comparison[].simulation", "in the unit of the entry's metric"},
    {"estimates.MODEL.comparison[].delta", "in the unit of the entry's metric"},
    {"estimates.MODEL.comparison[].relative", "a ratio of the entry's metric"},
};

/// Paths of the numbers, and of the lists of numbers, below a value.
void collect_numbers(const Json& value, const std::string& path, Fields& fields) {
  if (value.is_number()) fields.insert(path);
  if (value.is_object()) {
    for (const auto& item : value.items()) {
      collect_numbers(item.value(), path.empty() ? item.key() : path + '.' + item.key(), fields);
    }
  }
  if (value.is_array()) {
    for (const Json& entry : value) collect_numbers(entry, entry.is_number() ? path : path + "[]", fields);
  }
}

Fields numbers_of(const Json& document) {
  Fields fields;
  collect_numbers(document, "", fields);
  return fields;
}

bool is_counted(const std::string& field) {
  return std::any_of(counter_texts().begin(), counter_texts().end(), [&](const CounterText& counter) {
    return std::any_of(counter.paths.begin(), counter.paths.end(),
                       [&](const std::string& path) { return stands_for(path, field); });
  });
}

bool is_no_counter(const std::string& field) {
  return std::any_of(std::begin(no_counters), std::end(no_counters),
                     [&](const NoCounter& number) { return stands_for(number.path, field); });
}

void expect_rows(const Json& document) {
  for (const std::string& field : numbers_of(document)) {
    EXPECT_NE(is_counted(field), is_no_counter(field)) << field << ": either a row, or a reason why it has none";
  }
}

Json full_document() {
  Json document = stats_document(test::sample_tree(), test::sample_result_with_everything(), test::sample_provenance());
  add_ladder(document, test::sample_ladder());
  return document;
}

TEST(Counters, EveryNumberOfStatsJsonHasARow) {
  const Json document = full_document();
  EXPECT_GT(numbers_of(document).size(), 150U);
  expect_rows(document);
}

TEST(Counters, EveryNumberOfARunHasARow) {
  const auto source = [](const char* path) { return (source_folder() / path).string(); };
  const Inputs inputs = load_inputs(
      {source("tests/presets_small/resnet18_block/fused.yaml"), source("tests/presets_small/edge.yaml")}, {});
  Diagnostics diagnostics;
  const BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  for (const Fidelity rung : {Fidelity::ideal, Fidelity::noc}) {
    SimulationOptions options;
    options.fidelity = rung;
    options.functional = true;
    expect_rows(stats_document(tree, run_case(tree, estimates_of(tree, analytical_models()), options), Provenance()));
  }
}

/// The sample has everything, so that a row whose path is wrong shows.
TEST(Counters, EveryRowIsInStatsJson) {
  const Fields fields = numbers_of(full_document());
  const auto is_there = [&](const std::string& path) {
    return std::any_of(fields.begin(), fields.end(), [&](const std::string& field) { return stands_for(path, field); });
  };
  Fields absent;
  for (const CounterText& counter : counter_texts()) {
    for (const std::string& path : counter.paths) {
      if (!is_there(path)) absent.insert(path);
    }
  }
  EXPECT_EQ(absent, (Fields{"SIDE.accesses[].occupancy_series", "estimate.unlimited_steps",
                            "simulation.levels.NAME.boundary_live_words"}))
      << "these the sample leaves out";
  for (const NoCounter& number : no_counters) EXPECT_TRUE(is_there(number.path)) << number.path;
}

TEST(Counters, HaveUnitMeaningAndPage) {
  Fields paths;
  for (const CounterText& counter : counter_texts()) {
    EXPECT_FALSE(counter.meaning.empty()) << counter.word;
    EXPECT_TRUE(std::filesystem::exists(source_folder() / counter.page)) << counter.page;
    EXPECT_EQ(counter.unit.empty(), counter.word == "slowdown") << counter.word;
    for (const std::string& path : counter.paths) EXPECT_TRUE(paths.insert(path).second) << path << " twice";
  }
}

/// A metric of stats.csv has one unit, whatever it is said of.
TEST(Counters, MetricsHaveOneUnit) {
  std::map<std::string_view, std::string_view> units;
  for (const CounterText& counter : counter_texts()) {
    if (!counter.csv.written) continue;
    const auto [known, added] = units.emplace(counter.csv.metric, counter.unit);
    EXPECT_EQ(known->second, counter.unit) << counter.csv.metric;
  }
}

/// The comparison finds the unit of a metric by its name.
TEST(Counters, MetricsOfTheComparisonHaveTheUnitOfTheirCounter) {
  for (const char* metric : {"cycles", "macs", "energy_pj", "ops", "distinct_ops", "steps", "required_words", "reads",
                             "writes", "fills", "parent_reads", "peer", "max_occupancy"}) {
    int rows = 0;
    for (const CounterText& counter : counter_texts()) {
      if (counter.word != metric) continue;
      ++rows;
      EXPECT_EQ(counter.unit, metric_unit(metric)) << metric;
    }
    EXPECT_GT(rows, 0) << metric;
  }
}

TEST(Counters, StallsAreInTheOrderOfTheirCauses) {
  const auto& stalls = stall_counters().counters;
  ASSERT_EQ(stalls.size(), stall_causes);
  StageAccount stage;
  for (std::size_t i = 0; i < stall_causes; ++i) stage.stall[i] = static_cast<std::int64_t>(i);
  for (std::size_t i = 0; i < stall_causes; ++i) {
    EXPECT_EQ(stalls[i].name, to_string(static_cast<StallCause>(i)));
    EXPECT_EQ(stalls[i].value(stage), i);
  }
}

TEST(Counters, PathsStandForFields) {
  EXPECT_TRUE(stands_for("SIDE.levels.NAME.reads", "simulation.levels.GLB.reads"));
  EXPECT_FALSE(stands_for("SIDE.levels.NAME.reads", "estimates.levels.GLB.reads"));
  EXPECT_FALSE(stands_for("SIDE.levels.NAME.reads", "simulation.levels.GLB.writes"));
  EXPECT_FALSE(stands_for("SIDE.levels.NAME.reads", "simulation.levels.GLB"));
  EXPECT_FALSE(stands_for("bridge[].cycles", "bridge[].cycles.more"));
  EXPECT_TRUE(stands_for("a[].detail.CAUSE", "a[].detail.glb.port:GLB.read/W/Conv1"));
}

TEST(Counters, AreFoundByTheBeginningOfTheirPath) {
  const auto count = [](std::string_view beginning) { return counter_texts(beginning).size(); };
  EXPECT_EQ(count(""), counter_texts().size());
  EXPECT_EQ(count("simulation.dram.over_time"), 6U);
  EXPECT_EQ(count("ladder"), 4U);
  EXPECT_EQ(count("estimat"), 0U);
  ASSERT_EQ(count("estimates.MODEL.macs"), 1U);
  EXPECT_EQ(counter_texts("estimates.MODEL.macs").front().paths, std::vector<std::string>{"estimates.MODEL.macs"});
}

TEST(Counters, AreExplainedByNameAndByField) {
  for (const char* word : {"row_hits", "simulation.dram.row_hits", "simulation.levels.Buffer.reads", "SIDE.cycles"}) {
    ASSERT_FALSE(explain_word(word).empty()) << word;
    EXPECT_FALSE(explain_word(word).back().unit.empty()) << word;
    EXPECT_FALSE(explain_word(word).back().paths.empty()) << word;
  }
  EXPECT_EQ(explain_word("simulation.levels.Buffer.reads").size(), 1U);
}

}  // namespace
}  // namespace loopsim
