// A page as a whole, and what is wrong with folders.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/ReportCommand.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ReportCommand, ALongTimelineMakesNoLargePage) {
  make("run", {"run", "preset:fc_fc/fused", "preset:edge"});
  constexpr int slices = 100'000;
  std::ofstream trace(path("run") + "/trace.json");
  trace << R"({"traceEvents":[{"ph":"M","pid":1,"tid":0,"name":"process_name","args":{"name":"PE array"}})";
  for (int track = 0; track < 20; ++track) {
    trace << ",{\"ph\":\"M\",\"pid\":1,\"tid\":" << track << ",\"name\":\"thread_name\",\"args\":{\"name\":\"S" << track
          << "\"}}";
  }
  for (int i = 0; i < slices; ++i) {
    trace << ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":" << i % 20 << R"(,"name":"tile","ts":)" << i / 500.0
          << R"(,"dur":0.03,"args":{}})";
    trace << ",\n{\"ph\":\"C\",\"pid\":3,\"tid\":50,\"name\":\"GlobalBuffer held\",\"ts\":" << i / 500.0
          << R"(,"args":{"words":)" << i % 777 << "}}";
  }
  trace << "]}";
  trace.close();
  const ReadPage page = report({"run", "run"});
  EXPECT_LT(page.text.size(), 5'000'000U);
  std::int64_t shown = 0;
  for (const auto& row : page.figures.at("tiles-2").rows) shown += std::stoll(row[4]);
  EXPECT_EQ(shown, slices);
}

TEST_F(ReportCommand, HasNoChartForWhatIsNotThere) {
  make("estimate", {"estimate", "preset:fc_fc/fused", "preset:edge"});
  std::set<std::string> ids;
  for (const auto& [id, figure] : report({"estimate"}).figures) ids.insert(id);
  EXPECT_EQ(ids, (std::set<std::string>{"energy-1", "roofline-1", "stages-1", "tree-1"}));

  make("ideal", {"run", "preset:fc_fc/fused"});
  ids.clear();
  for (const auto& [id, figure] : report({"ideal"}).figures) ids.insert(id);
  EXPECT_EQ(ids, (std::set<std::string>{"bridge-1", "energy-1", "stages-1", "tree-1"}));
}

TEST_F(ReportCommand, NeedsNothingButItself) {
  make("a <b> & \"c\"", {"ladder", "preset:resnet18_block/fused", "preset:edge"});
  make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--trace", "chrome"});
  const ReadPage page = report({"a <b> & \"c\"", "run"});
  EXPECT_LT(page.text.size(), 5'000'000U);
  EXPECT_EQ(page.figures.count("stages-1") + page.figures.count("stages-2"), 2U);
  std::set<std::string> ids;
  int last_heading = 0;
  const auto count_of = [](const MarkupElement& element, const std::string& name) {
    return static_cast<std::size_t>(std::count_if(element.children.begin(), element.children.end(),
                                                  [&name](const MarkupElement& e) { return e.name == name; }));
  };
  for (const MarkupElement* element : all_elements(page.root)) {
    EXPECT_THAT(element->name, testing::AllOf(Not("script"), Not("img"), Not("iframe"), Not("object")));
    for (const auto& [key, value] : element->attributes) {
      EXPECT_NE(key, "src");
      if (key == "href") {
        EXPECT_EQ(value.rfind("data:", 0), 0) << value;
      }
      if (key != "xmlns") {
        EXPECT_THAT(value, Not(HasSubstr("://")));
      }
      if (key == "id") {
        EXPECT_TRUE(ids.insert(value).second) << value;
      }
    }
    if (element->name == "style") {
      EXPECT_THAT(element->text, testing::AllOf(Not(HasSubstr("url")), Not(HasSubstr("@import"))));
    }
    // For readers of a screen.
    if (element->name.size() == 2 && element->name[0] == 'h' && std::isdigit(element->name[1]) != 0) {
      const int level = element->name[1] - '0';
      EXPECT_LE(level, last_heading + 1) << element->text;
      last_heading = level;
    }
    if (element->name == "th") {
      EXPECT_EQ(element->attributes.count("scope"), 1U);
    }
    if (element->name == "table") {
      EXPECT_EQ(element->attributes.count("aria-label") + count_of(*element, "caption"), 1U);
    }
    if (element->name != "svg") continue;
    EXPECT_EQ(element->attributes.at("role"), "img");
    ASSERT_GE(element->children.size(), 2U);
    EXPECT_EQ(element->children[0].name, "title");
    EXPECT_NE(element->children[0].text, "");
    EXPECT_EQ(element->children[1].name, "desc");
    EXPECT_NE(element->children[1].text, "");
  }
  EXPECT_EQ(report({"a <b> & \"c\"", "run"}).text, page.text);
}

TEST_F(ReportCommand, SaysWhatIsWrongWithFolders) {
  make("run", {"run", "preset:fc_fc/fused", "preset:edge"});
  const auto fails = [&](const std::vector<std::string>& names, int exit_code) {
    std::vector<std::string> arguments = {"report", "-o", path("none.html")};
    for (const std::string& name : names) arguments.push_back(path(name));
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_FALSE(std::filesystem::exists(path("none.html")));
    return outcome.errors;
  };
  EXPECT_THAT(fails({"run", "nowhere"}, 66), HasSubstr("nowhere/stats.json"));
  const auto folder = [&](const std::string& name, const std::string& stats) {
    std::filesystem::create_directory(path(name));
    std::ofstream(path(name) + "/stats.json") << stats;
  };
  folder("cut", "{\n  \"schema_version\": 1,\n");
  EXPECT_THAT(fails({"cut"}, 65), HasSubstr("cut/stats.json:3:"));
  folder("other", "{\"schema_version\": 7}");
  EXPECT_THAT(fails({"other"}, 65), HasSubstr("expected schema_version 1, got 7"));
  folder("empty", "{}");
  const std::string both = fails({"other", "empty"}, 65);
  EXPECT_THAT(both, HasSubstr("got 7"));
  EXPECT_THAT(both, HasSubstr("there is no schema_version"));
  folder("poor", "{\"schema_version\": 1, \"estimate\": {\"cycles\": \"many\"}}");
  EXPECT_THAT(fails({"poor"}, 65), HasSubstr("poor/stats.json is not as this version writes it"));
  std::filesystem::copy(path("run"), path("traced"));
  std::ofstream(path("traced") + "/trace.json") << "{\"traceEvents\":[{\"ph\":\"X\"}]}";
  EXPECT_THAT(fails({"traced"}, 65), HasSubstr("trace.json"));
  std::ofstream(path("traced") + "/trace.json")
      << R"({"traceEvents":[{"ph":"X","pid":1,"tid":2,"name":"t","ts":1e9,"dur":1}]})";
  EXPECT_THAT(fails({"traced"}, 65), HasSubstr("of another run"));
  std::ofstream(path("traced") + "/resolved.yaml") << "mapping: 3\n";
  EXPECT_THAT(fails({"traced"}, 65), HasSubstr("resolved.yaml:1"));
}

TEST_F(ReportCommand, NeedsFoldersAndAFile) {
  EXPECT_EQ(run_program({"report", "-o", path("r.html")}).exit_code, 2);
  EXPECT_EQ(run_program({"report", path("run")}).exit_code, 2);
}

}  // namespace
}  // namespace loopsim
