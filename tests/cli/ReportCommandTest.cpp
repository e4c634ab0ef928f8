// Reports of real output folders: their charts show what stats.json has, and need nothing but themselves.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/ReadMarkup.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TraceReaders.hpp"

namespace loopsim {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;
using Rows = std::vector<std::vector<std::string>>;

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string decoded(const std::string& percent_encoded) {
  std::string text;
  for (std::size_t i = 0; i < percent_encoded.size(); ++i) {
    if (percent_encoded[i] == '%') {
      text += static_cast<char>(std::stoi(percent_encoded.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      text += percent_encoded[i];
    }
  }
  return text;
}

/// RFC 4180.
Rows read_csv(const std::string& text) {
  Rows rows = {{""}};
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (c == '"' && in_quotes && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      rows.back().emplace_back();
    } else if (c == '\n' && !in_quotes) {
      rows.push_back({""});
    } else {
      field += c;
    }
  }
  EXPECT_FALSE(in_quotes);
  EXPECT_EQ(rows.back(), std::vector<std::string>{""});
  rows.pop_back();
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows.front().size());
  return rows;
}

/// A box with what a pointer that rests on it shows.
struct ReadBox {
  double x = 0;
  double width = 0;
  std::string title;
};

struct ReadFigure {
  Rows rows;  ///< of the CSV, without the column names
  std::vector<ReadBox> boxes;
};

struct ReadPage {
  std::string text;
  MarkupElement root;
  std::map<std::string, ReadFigure> figures;  ///< by id
};

ReadFigure figure_of(const MarkupElement& element) {
  ReadFigure figure;
  for (const MarkupElement* part : all_elements(element)) {
    const auto link = part->attributes.find("href");
    if (part->name == "a" && link != part->attributes.end()) {
      const std::string start = "data:text/csv;charset=utf-8,";
      EXPECT_EQ(link->second.rfind(start, 0), 0);
      figure.rows = read_csv(decoded(link->second.substr(start.size())));
      figure.rows.erase(figure.rows.begin());
    }
    if (part->name == "rect" && !part->children.empty()) {
      figure.boxes.push_back(
          {std::stod(part->attributes.at("x")), std::stod(part->attributes.at("width")), part->children.front().text});
    }
  }
  return figure;
}

ReadPage read_page(const std::string& path) {
  ReadPage page;
  page.text = text_of(path);
  page.root = read_markup(page.text);
  for (const MarkupElement* element : all_elements(page.root)) {
    if (element->name == "figure") page.figures[element->attributes.at("id")] = figure_of(*element);
  }
  return page;
}

class ReportCommand : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// Makes an output folder of that name.
  ordered_json make(const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-o", path(name)});
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return ordered_json::parse(text_of(path(name) + "/stats.json"));
  }

  ReadPage report(const std::vector<std::string>& names) {
    std::vector<std::string> arguments = {"report"};
    for (const std::string& name : names) arguments.push_back(path(name));
    arguments.insert(arguments.end(), {"-o", path("report.html")});
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "");
    return read_page(path("report.html"));
  }

  TemporaryFolder folder_;
};

std::int64_t number(const std::string& text) {
  return std::stoll(text);
}

/// The rows of the CSV as "first/second" → third column.
std::map<std::string, std::int64_t> by_names(const Rows& rows) {
  std::map<std::string, std::int64_t> result;
  for (const auto& row : rows) EXPECT_TRUE(result.emplace(row.at(0) + "/" + row.at(1), number(row.at(2))).second);
  return result;
}

/// The number before `unit` in a title such as "Fc1, ramp: 1,234 cycles (3 %)".
double stated(const std::string& title) {
  std::string digits = title.substr(title.rfind(": ") + 2);
  digits = digits.substr(0, digits.find(' '));
  digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
  return std::stod(digits);
}

/// Boxes are as long as what they stand for, up to the two decimals of lengths.
void expect_to_scale(const ReadFigure& figure) {
  ASSERT_FALSE(figure.boxes.empty());
  const auto longest = std::max_element(figure.boxes.begin(), figure.boxes.end(),
                                        [](const ReadBox& a, const ReadBox& b) { return a.width < b.width; });
  const double pixels = longest->width / stated(longest->title);
  for (const ReadBox& box : figure.boxes) EXPECT_NEAR(box.width, pixels * stated(box.title), 0.02) << box.title;
}

TEST_F(ReportCommand, StagesAreTheAccounting) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc"});
  const ReadPage page = report({"run"});
  const ReadFigure& figure = page.figures.at("stages-1");
  const auto rows = by_names(figure.rows);
  EXPECT_EQ(rows.at("estimate/compute"), stats["estimate"]["compute_cycles"]);
  EXPECT_EQ(rows.at("estimate/compute") + rows.at("estimate/memory"), stats["estimate"]["cycles"]);
  std::size_t expected = 2;
  std::size_t drawn = 1;
  for (const auto& stage : stats["simulation"]["accounting"]) {
    const std::string name = stage["stage"];
    for (const char* row : {"compute", "ramp", "drain", "idle"})
      EXPECT_EQ(rows.at(name + "/" + row), stage[row]) << row;
    for (const auto& [cause, cycles] : stage["stall"].items()) EXPECT_EQ(rows.at(name + "/stall." + cause), cycles);
    expected += 4 + stage["stall"].size();
  }
  EXPECT_EQ(rows.size(), expected);
  for (const auto& [name, cycles] : rows) drawn += name.rfind("estimate", 0) != 0 && cycles > 0 ? 1 : 0;
  EXPECT_EQ(figure.boxes.size(), drawn);
  expect_to_scale(figure);

  std::map<std::string, std::int64_t> details = by_names(page.figures.at("details-1").rows);
  for (const auto& stage : stats["simulation"]["accounting"]) {
    for (const auto& [cause, cycles] : stage["detail"].items()) {
      EXPECT_EQ(details.at(stage["stage"].get<std::string>() + "/" + cause), cycles);
    }
  }
  expect_to_scale(page.figures.at("details-1"));
}

TEST_F(ReportCommand, BridgeLeadsFromTheEstimateToTheSimulation) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge"});
  const ReadFigure figure = report({"run"}).figures.at("bridge-1");
  ASSERT_EQ(figure.rows.size(), stats["bridge"].size() + 2);
  EXPECT_EQ(number(figure.rows.front()[1]), stats["estimate"]["cycles"]);
  EXPECT_EQ(number(figure.rows.back()[1]), stats["simulation"]["cycles"]);
  EXPECT_EQ(figure.rows.back()[2], figure.rows.back()[1]);
  std::size_t changes = 0;
  for (std::size_t i = 0; i < stats["bridge"].size(); ++i) {
    EXPECT_EQ(figure.rows[i + 1][0], stats["bridge"][i]["cause"]);
    EXPECT_EQ(number(figure.rows[i + 1][1]), stats["bridge"][i]["cycles"]);
    changes += stats["bridge"][i]["cycles"] != 0 ? 1 : 0;
  }
  ASSERT_EQ(figure.boxes.size(), changes + 2);
  // The steps are drawn to one scale; nothing is narrower than a pixel.
  double pixels = 0;
  std::size_t box = 0;
  for (const auto& entry : stats["bridge"]) {
    const double cycles = std::abs(entry["cycles"].get<double>());
    if (cycles == 0) continue;
    const double width = figure.boxes[++box].width;
    EXPECT_EQ(figure.boxes[box].title.rfind(entry["cause"].get<std::string>(), 0), 0);
    pixels = std::max(pixels, width / cycles * (width > 20 ? 1 : 0));
  }
  ASSERT_GT(pixels, 0);
  // Each begins where the one before ends, from the estimate's end to the simulation's.
  box = 0;
  double at = figure.boxes.front().x + figure.boxes.front().width;
  for (const auto& entry : stats["bridge"]) {
    const double cycles = entry["cycles"];
    if (cycles == 0) continue;
    const double next = at + pixels * cycles;
    EXPECT_NEAR(figure.boxes[++box].x, std::min(at, next), 0.05) << entry;
    EXPECT_NEAR(figure.boxes[box].width, std::max(1.0, pixels * std::abs(cycles)), 0.05) << entry;
    at = next;
  }
  EXPECT_NEAR(figure.boxes.back().x + figure.boxes.back().width, at, 0.05);
}

TEST_F(ReportCommand, LadderHasEveryRung) {
  const ordered_json stats = make("ladder", {"ladder", "preset:fc_fc/fused", "preset:edge"});
  const ReadFigure figure = report({"ladder"}).figures.at("ladder-1");
  ASSERT_EQ(figure.rows.size(), stats["ladder"].size() + 1);
  EXPECT_EQ(figure.boxes.size(), stats["ladder"].size() + 2);
  EXPECT_EQ(number(figure.rows[0][1]), stats["estimate"]["cycles"]);
  for (std::size_t i = 0; i < stats["ladder"].size(); ++i) {
    const ordered_json& entry = stats["ladder"][i];
    const auto& row = figure.rows[i + 1];
    EXPECT_EQ(row[0], entry["rung"]);
    EXPECT_EQ(number(row[1]), entry["cycles"]);
    EXPECT_EQ(number(row[2]), entry["added"]);
    EXPECT_EQ(row[3], entry["alone"].is_null() ? "" : entry["alone"].dump());
    for (const auto& [cause, cycles] : entry["causes"].items()) EXPECT_THAT(row[4], HasSubstr(cause));
  }
}

TEST_F(ReportCommand, EnergyIsThatOfStats) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "dram"});
  const ReadFigure figure = report({"run"}).figures.at("energy-1");
  for (const char* side : {"estimate", "simulation"}) {
    std::map<std::string, double> expected;
    for (const auto& item : stats[side]["energy"]) {
      expected[item["component"].get<std::string>() + "/" + item["action"].get<std::string>()] +=
          item["pj"].get<double>();
    }
    std::size_t rows = 0;
    for (const auto& row : figure.rows) {
      if (row[0] != side) continue;
      EXPECT_NEAR(std::stod(row[4]), expected.at(row[1] + "/" + row[2]), 1e-9 * std::stod(row[4]));
      ++rows;
    }
    EXPECT_EQ(rows, expected.size());
  }
}

TEST_F(ReportCommand, PartsOfTheMachineAreThoseOfStats) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc"});
  const ordered_json& simulation = stats["simulation"];
  const ReadPage page = report({"run"});
  for (const auto& row : page.figures.at("rows-1").rows) EXPECT_EQ(number(row[1]), simulation["dram"][row[0]]);
  expect_to_scale(page.figures.at("rows-1"));
  const Rows& banks = page.figures.at("banks-1").rows;
  ASSERT_EQ(banks.size(), simulation["glb"]["bank_busy_cycles"].size());
  for (std::size_t i = 0; i < banks.size(); ++i)
    EXPECT_EQ(number(banks[i][1]), simulation["glb"]["bank_busy_cycles"][i]);
  const Rows& links = page.figures.at("links-1").rows;
  ASSERT_EQ(links.size(), simulation["noc"]["busiest_links"].size());
  ASSERT_FALSE(links.empty());
  for (std::size_t i = 0; i < links.size(); ++i) {
    EXPECT_EQ(links[i][0], simulation["noc"]["busiest_links"][i]["link"]);
    EXPECT_EQ(number(links[i][1]), simulation["noc"]["busiest_links"][i]["flits"]);
  }
  expect_to_scale(page.figures.at("links-1"));
}

TEST_F(ReportCommand, RooflineHasBothSidesBelowTheArray) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "dram"});
  const Rows rows = report({"run"}).figures.at("roofline-1").rows;
  std::map<std::string, std::vector<std::string>> found;
  for (const auto& row : rows) found[row[0]] = row;
  const double array = std::stod(found.at("array")[2]);
  EXPECT_EQ(array, 256);
  for (const char* side : {"estimate", "simulation"}) {
    const double rate = stats[side]["macs"].get<double>() / stats[side]["cycles"].get<double>();
    EXPECT_NEAR(std::stod(found.at(side)[2]), rate, 1e-9 * rate);
    EXPECT_LE(rate, array);
    // Words of 8 bits.
    const ordered_json& memory = stats[side]["levels"]["MainMemory"];
    const double words = memory["reads"].get<double>() + memory["writes"].get<double>();
    EXPECT_NEAR(std::stod(found.at(side)[1]), stats[side]["macs"].get<double>() / words, 1e-6);
  }
  EXPECT_EQ(rows.size(), 5);  // with the stated bandwidth and the part's
}

TEST_F(ReportCommand, TimelineChartsHaveAllTiles) {
  const ordered_json stats = make("run", {"run", "preset:resnet18_block/fused", "preset:edge", "--trace", "chrome"});
  const ReadTimeline timeline = read_chrome(text_of(path("run") + "/trace.json"));
  const ReadPage page = report({"run"});
  std::map<std::string, std::int64_t> shown;
  for (const auto& row : page.figures.at("tiles-1").rows) {
    shown[row[0]] += number(row[4]);
    EXPECT_LE(std::stod(row[3]), stats["simulation"]["cycles"].get<double>());
  }
  std::map<std::string, std::int64_t> expected;
  for (const ReadSlice& slice : timeline.slices) ++expected[slice.track.substr(slice.track.find('/') + 1)];
  EXPECT_EQ(shown, expected);

  std::int64_t most = 0;
  std::map<std::string, std::int64_t> levels;
  for (const auto& row : page.figures.at("occupancy-1").rows) {
    if (row[1].empty()) {
      levels[row[0]] = number(row[2]);
    } else if (row[0] == "GlobalBuffer") {
      most = std::max(most, number(row[2]));
    }
  }
  std::int64_t expected_most = 0;
  for (const auto& [time, words] : timeline.counters.at("buffers/GlobalBuffer held")) {
    expected_most = std::max(expected_most, words);
  }
  EXPECT_EQ(most, expected_most);
  EXPECT_EQ(levels.at("GlobalBuffer size"), stats["simulation"]["levels"]["GlobalBuffer"]["size_words"]);
  EXPECT_EQ(levels.at("GlobalBuffer required by the estimate"),
            stats["estimate"]["levels"]["GlobalBuffer"]["required_words"]);
  EXPECT_EQ(page.figures.count("bandwidth-1"), 0U);
}

TEST_F(ReportCommand, TransfersBringTheBandwidthOfMainMemory) {
  make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "dram", "--trace", "chrome:transfer"});
  const ReadPage page = report({"run"});
  EXPECT_FALSE(page.figures.at("bandwidth-1").rows.empty());
  // Nested slices are no moves of their own.
  for (const auto& row : page.figures.at("tiles-1").rows) EXPECT_THAT(row[1], Not(HasSubstr("dram.")));
}

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
  for (const auto& row : page.figures.at("tiles-2").rows) shown += number(row[4]);
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
    if (element->name != "svg") continue;
    // For readers of a screen.
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

/// The browser, or nothing.
std::string find_chromium() {
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/chromium";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

/// What a browser made of a page.
struct BrowserView {
  std::string document;      ///< after its scripts ran
  bool complained = false;   ///< an error or a message on the console
  std::size_t requests = 0;  ///< to load something, made by the page
};

BrowserView view(const std::string& chromium, const TemporaryFolder& folder, const std::string& page) {
  const auto path = [&folder](const char* name) { return (folder.path() / name).string(); };
  const std::string command =
      chromium + (geteuid() == 0 ? " --no-sandbox" : "") +
      " --headless --disable-gpu --no-first-run --user-data-dir=" + path("profile") +
      " --host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr --log-net-log=" + path("net.json") +
      " --window-size=1200,800 --dump-dom file://" + page + " > " + path("document") + " 2> " + path("log");
  EXPECT_EQ(std::system(command.c_str()), 0) << text_of(path("log"));
  const std::string log = text_of(path("net.json"));
  // What the browser asks for itself has no origin.
  return {text_of(path("document")), text_of(path("log")).find("CONSOLE") != std::string::npos,
          count(log, "\"initiator\":\"") - count(log, "\"initiator\":\"not an origin\"")};
}

TEST_F(ReportCommand, OpensInABrowser) {
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc", "--trace", "chrome"});
  const ReadPage page = report({"run"});
  const BrowserView opened = view(chromium, folder_, path("report.html"));
  EXPECT_FALSE(opened.complained);
  EXPECT_EQ(opened.requests, 0U);

  // The same page with a script that counts the charts that take up room.
  std::string measured = page.text;
  const std::string policy = "default-src 'none'";
  measured.insert(measured.find(policy) + policy.size(), "; script-src 'unsafe-inline'");
  measured.insert(measured.find("</body>"), R"(<script>
    const drawn = svg => svg.getBBox().width > 100 && svg.getBoundingClientRect().height > 40;
    document.body.dataset.drawn = [...document.querySelectorAll('figure svg')].filter(drawn).length;
    document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
    </script>)");
  const BrowserView counted = view(chromium, folder_, folder_.write("measured.html", measured));
  EXPECT_GE(page.figures.size(), 10U);
  EXPECT_THAT(counted.document, HasSubstr("data-drawn=\"" + std::to_string(page.figures.size()) + "\""));
  EXPECT_THAT(counted.document, HasSubstr("data-wide=\"false\""));

  // A page that does both is noticed.
  const BrowserView bad = view(chromium, folder_, folder_.write("bad.html", R"(<!DOCTYPE html><html><body>
      <img src="http://example.invalid/picture.png"><script>nothing.there();</script></body></html>)"));
  EXPECT_TRUE(bad.complained);
  EXPECT_GT(bad.requests, 0U);
}

}  // namespace
}  // namespace loopsim
