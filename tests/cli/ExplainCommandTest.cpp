#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

using ::nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::set<std::string>;

/// Without what it is said of: "reads:1/W/Conv1".
std::string bare(const std::string& word) {
  return word.substr(0, word.find(':'));
}

void expect_explained(const Words& words) {
  for (const std::string& word : words) {
    const auto outcome = run_program({"explain", word});
    EXPECT_EQ(outcome.exit_code, 0) << word << ": " << outcome.errors;
  }
}

void add_words_of_document(const ordered_json& stats, Words& words) {
  for (const auto& stage : stats["simulation"]["accounting"]) {
    for (const auto& [name, value] : stage.items()) {
      if (name != "stage" && name != "total" && name != "stall" && name != "detail" && name != "ports") {
        words.insert(name);
      }
    }
    for (const auto& [name, cycles] : stage["stall"].items()) words.insert("stall." + name);
    for (const auto& [name, cycles] : stage["detail"].items()) words.insert(bare(name));
  }
  for (const auto& entry : stats["bridge"]) words.insert(entry["cause"].get<std::string>());
  for (const auto& entry : stats["comparison"]) {
    words.insert(bare(entry["metric"]));
    words.insert(entry["verdict"].get<std::string>());
    for (const auto& cause : entry["causes"]) words.insert(cause["name"].get<std::string>());
  }
}

/// The first column of the tables, but for names of memories, tensors and stages, which are indented or capitals here.
void add_labels(const std::string& table, Words& words) {
  static const std::regex label("  ([a-z][a-z_.]*( [a-z_.]+)*)  +[-+0-9(<].*");
  static const std::regex space("  .* (space, words)  .*");
  static const std::regex cause("  .*  ([a-z_]+) +[-+0-9,.]+ ?[a-zA-Z]*  .*");
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, space) || std::regex_match(line, match, label)) words.insert(match[1]);
    if (std::regex_match(line, match, cause) && match[1].str().find('_') != std::string::npos) words.insert(match[1]);
  }
}

TEST(ExplainCommand, KnowsEveryWordThatRunsPrint) {
  Words words;
  for (const char* workload : {"resnet18_block/fused.yaml", "attention_flash/fused.yaml", "fc_fc/layers.yaml"}) {
    for (const char* rung : {"ideal", "bandwidth", "dram", "glb", "noc"}) {
      words.insert(rung);
      const TemporaryFolder folder;
      const auto outcome = run_program(
          {"run", small(workload), small("edge.yaml"), "--fidelity", rung, "--all", "-o", folder.path().string()});
      ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
      add_labels(outcome.output, words);
      add_words_of_document(ordered_json::parse(text_of(folder.path() / "stats.json")), words);
    }
  }
  EXPECT_GT(words.size(), 50U);
  for (const char* word : {"stall.glb", "glb.transfer", "noc.latency", "access_width", "steps of all einsums", "equal",
                           "explained", "fills", "estimate", "space, words"}) {
    EXPECT_EQ(words.count(word), 1U) << word;
  }
  expect_explained(words);
}

TEST(ExplainCommand, KnowsEveryWordThatTheLadderPrints) {
  const auto outcome = run_program({"ladder", small("fc_fc/fused.yaml"), small("edge.yaml")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  Words words = {"added", "of est.", "alone", "of added"};
  for (const std::string& word : words) EXPECT_THAT(outcome.output, HasSubstr(word));
  static const std::regex rung("  ([a-z]+) +[0-9,]+ .*");
  static const std::regex cause(".*  ([a-z_.]+)");
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, rung)) words.insert(match[1]);
    if (std::regex_match(line, match, cause) && match[1].str().find("stall.") == 0) words.insert(match[1]);
  }
  EXPECT_GT(words.size(), 10U);
  expect_explained(words);
}

TEST(ExplainCommand, ListsCounters) {
  const auto all = run_program({"explain", "--counters"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.output, HasSubstr("min_words\n  counter of stats.json: the least"));
  EXPECT_THAT(all.output, HasSubstr("  unit:    word\n  field:   simulation.levels.NAME.min_words\n  see:     docs/"));
  const std::string dram = run_program({"explain", "--counters", "simulation.dram", "--markdown"}).output;
  EXPECT_THAT(dram,
              HasSubstr("| `simulation.dram.read_bytes` | byte | bytes that left main memory | `bytes`, `read` |"));
  EXPECT_THAT(dram, Not(HasSubstr("simulation.glb")));
  const auto wrong = run_program({"explain", "--counters", "simulation.drum"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("begins with 'simulation.drum'"));
}

TEST(ExplainCommand, SaysWhatAWordMeansAndWhere) {
  const auto wait = run_program({"explain", "stall.glb"});
  EXPECT_THAT(wait.output, HasSubstr("for a port or bank of another memory"));
  EXPECT_THAT(wait.output, HasSubstr("docs/attribution.md"));
  EXPECT_THAT(run_program({"explain", "reads:1/Fmap1/Conv1"}).output, HasSubstr("words read"));
  // A rung, a wait, and keys.
  const std::string noc = run_program({"explain", "noc"}).output;
  EXPECT_THAT(noc, HasSubstr("rung of the ladder"));
  EXPECT_THAT(noc, HasSubstr("stall.noc"));
  EXPECT_THAT(noc, HasSubstr("simulation.noc.flit"));
  const auto wrong = run_program({"explain", "stall.glib"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("did you mean 'stall.glb'?"));
}

}  // namespace
}  // namespace loopsim
