#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <sstream>

#include "tests/cli/ReadMarkup.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

struct ReadGraph {
  std::map<std::string, std::pair<std::string, std::string>> nodes;  ///< shape and label by name
  std::multimap<std::string, std::string> edges;
};

/// Every line has to be one that the graph may have.
ReadGraph read_dot(const std::string& text) {
  ReadGraph graph;
  std::istringstream lines(text);
  const std::regex node(R"re(  (n\d+) \[shape=(\w+), label="((?:[^"\\]|\\.)*)"\];)re");
  const std::regex edge(R"(  (n\d+) -> (n\d+);)");
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "digraph looptree {");
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr("node ["));
  while (std::getline(lines, line) && line != "}") {
    std::smatch match;
    if (std::regex_match(line, match, node)) {
      EXPECT_TRUE(graph.nodes.emplace(match[1], std::pair{match[2], match[3]}).second);
    } else if (std::regex_match(line, match, edge)) {
      EXPECT_EQ(graph.nodes.count(match[1]) + graph.nodes.count(match[2]), 2U);
      graph.edges.emplace(match[1], match[2]);
    } else {
      ADD_FAILURE() << line;
    }
  }
  EXPECT_EQ(line, "}");
  return graph;
}

TEST(TreeCommand, DotHasLoopTreesShapes) {
  const ProgramOutcome outcome = run_program({"tree", "docs/examples/fused.yaml", "--dot"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const ReadGraph graph = read_dot(outcome.output);
  std::map<std::string, int> shapes;
  for (const auto& [name, node] : graph.nodes) ++shapes[node.first];
  // A loop of 4 rows, then 6 in each of two branches; lists of tensors are one cylinder.
  EXPECT_EQ(shapes, (std::map<std::string, int>{{"box", 13}, {"cylinder", 3}, {"hexagon", 1}, {"ellipse", 2}}));
  EXPECT_EQ(graph.edges.size() + 1, graph.nodes.size());
  EXPECT_EQ(graph.nodes.at("n0").second, R"(DRAM\nFmap1, Filter1, Filter2, Fmap3)");
  EXPECT_EQ(graph.nodes.at("n2").second, R"(for P2\ntile 4)");
  EXPECT_EQ(graph.nodes.at("n4").second, "sequential");
  EXPECT_EQ(graph.edges.count("n4"), 2U);
}

TEST(TreeCommand, SvgHasTheSameNodes) {
  const ProgramOutcome dot = run_program({"tree", "preset:attention_flash/fused", "--dot"});
  const ProgramOutcome svg = run_program({"tree", "preset:attention_flash/fused", "--svg"});
  ASSERT_EQ(svg.exit_code, 0) << svg.errors;
  const ReadGraph graph = read_dot(dot.output);
  const MarkupElement root = read_markup(svg.output);
  EXPECT_EQ(root.name, "svg");
  std::map<std::string, int> drawn;
  std::map<std::string, int> expected;
  std::string texts;
  for (const MarkupElement* element : all_elements(root)) {
    const auto style = element->attributes.find("class");
    if (style == element->attributes.end()) continue;
    ++drawn[style->second];
    if (element->name == "text") texts += element->text + "\n";
  }
  const std::map<std::string, std::string> classes = {
      {"box", "loop"}, {"cylinder", "storage"}, {"hexagon", "branch"}, {"ellipse", "operation"}};
  for (const auto& [name, node] : graph.nodes) ++expected[classes.at(node.first)];
  for (const auto& [name, count] : expected) EXPECT_EQ(drawn[name], count) << name;
  EXPECT_EQ(static_cast<std::size_t>(drawn["edge"]), graph.edges.size());
  for (const auto& [name, node] : graph.nodes)
    EXPECT_THAT(texts, HasSubstr(node.second.substr(0, node.second.find('\\'))));
}

TEST(TreeCommand, WantsOneFormat) {
  EXPECT_EQ(run_program({"tree", "preset:fc_fc/fused"}).exit_code, 2);
  EXPECT_EQ(run_program({"tree", "preset:fc_fc/fused", "--dot", "--svg"}).exit_code, 2);
  EXPECT_EQ(run_program({"tree", "nowhere.yaml", "--dot"}).exit_code, 66);
}

}  // namespace
}  // namespace loopsim
