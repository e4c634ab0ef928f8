// Reports of real output folders: their charts show what stats.json has, and need nothing but themselves.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/Browser.hpp"
#include "tests/cli/ReadMarkup.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"
#include "tests/cli/TraceReaders.hpp"

namespace loopsim {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;
using Rows = std::vector<std::vector<std::string>>;

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

TEST_F(ReportCommand, StagesOfAPipelineStandBesideTheirEstimates) {
  const std::string folder = (source_folder() / "docs/examples/looptree").string();
  const ordered_json stats =
      make("run", {"run", folder + "/architecture.yaml", folder + "/problem.yaml", folder + "/mapping.yaml"});
  const auto rows = by_names(report({"run"}).figures.at("stages-1").rows);
  for (const char* stage : {"Fc1", "Fc2"}) {
    EXPECT_EQ(rows.at(std::string(stage) + ", estimated/compute"), stats["estimate"]["einsums"][stage]["steps"]);
    EXPECT_EQ(rows.count(std::string(stage) + "/compute"), 1U);
  }
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
}

TEST_F(ReportCommand, NestedTransfersAreNoMovesOfTheirOwn) {
  make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "dram", "--trace", "chrome:transfer"});
  const ReadPage page = report({"run"});
  for (const auto& row : page.figures.at("tiles-1").rows) EXPECT_THAT(row[1], Not(HasSubstr("dram.")));
}

TEST_F(ReportCommand, MainMemoryOverTimeSumsToItsCounters) {
  const ordered_json stats = make("run", {"run", "preset:resnet18_block/fused", "preset:edge", "--fidelity", "dram"});
  const ordered_json& dram = stats["simulation"]["dram"];
  const ReadPage page = report({"run"});
  const auto sum = [](const Rows& rows, std::size_t column) {
    std::int64_t total = 0;
    for (const auto& row : rows) total += number(row[column]);
    return total;
  };
  const Rows& bytes = page.figures.at("bandwidth-1").rows;
  EXPECT_EQ(sum(bytes, 2), dram["read_bytes"]);
  EXPECT_EQ(sum(bytes, 3), dram["write_bytes"]);
  const Rows& rows = page.figures.at("hits-1").rows;
  EXPECT_EQ(sum(rows, 2), dram["row_hits"]);
  EXPECT_EQ(sum(rows, 3), dram["row_misses"]);
  EXPECT_EQ(sum(rows, 4), dram["row_conflicts"]);
  EXPECT_GT(bytes.size(), 100U);
  EXPECT_LE(bytes.size(), 256U);
  std::int64_t end = 0;
  for (const auto& row : bytes) {
    EXPECT_EQ(number(row[0]), end);
    end = number(row[1]);
    // 19.2 bytes a cycle; a burst counts whole in the interval in which it ends.
    EXPECT_LE(number(row[2]) + number(row[3]), 19.2 * static_cast<double>(end - number(row[0])) + 64);
  }
  EXPECT_LE(end, stats["simulation"]["cycles"]);
  EXPECT_THAT(page.text, HasSubstr("peak of 1 x"));

  // Below the rung `dram` there are no rows, on `ideal` nothing takes time.
  make("bandwidth", {"run", "preset:fc_fc/fused", "preset:edge"});
  const ReadPage below = report({"bandwidth"});
  EXPECT_EQ(below.figures.count("bandwidth-1"), 1U);
  EXPECT_EQ(below.figures.count("hits-1"), 0U);
}

TEST_F(ReportCommand, TheMeshHasEveryLink) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:large", "--fidelity", "noc"});
  const ordered_json& noc = stats["simulation"]["noc"];
  const ReadFigure mesh = report({"run"}).figures.at("mesh-1");
  const std::size_t routers = 32 * 32;
  const std::size_t links = 6 * routers - 4 * 32 + 2 * (32 + 1);
  ASSERT_EQ(noc["networks"].size(), 3U);
  EXPECT_EQ(mesh.rows.size(), 3 * links);
  std::int64_t most = 0;
  std::int64_t hops = 0;
  for (const auto& row : mesh.rows) {
    most = std::max(most, number(row[4]));
    if (row[3].rfind("from", 0) != 0) hops += number(row[4]);
  }
  EXPECT_EQ(most, noc["busy_cycles"]);
  EXPECT_EQ(hops, noc["flit_hops"]);

  // A bus has no links to draw.
  make("bus",
       {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc", "--set", "simulation.noc.topology=bus"});
  const ReadPage bus = report({"bus"});
  EXPECT_EQ(bus.figures.count("mesh-1"), 0U);
  EXPECT_EQ(bus.figures.count("links-1"), 1U);
}

/// Small enough for titles: what a pointer shows is what the colour stands for.
TEST_F(ReportCommand, ColoursOfLinksFollowTheirLoad) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc"});
  const double most = stats["simulation"]["noc"]["busy_cycles"];
  const ReadPage page = report({"run"});
  std::size_t links = 0;
  for (const MarkupElement* element : all_elements(page.root)) {
    if (element->name != "rect" || element->children.empty()) continue;
    const std::string& title = element->children.front().text;
    if (title.find("of the cycles)") == std::string::npos) continue;
    const std::string& style = element->attributes.at("class");
    ASSERT_EQ(style.size(), 2U);
    const int level = style[1] - '0';
    EXPECT_EQ(level, static_cast<int>(std::ceil(8 * stated(title) / most))) << title;
    ++links;
  }
  EXPECT_EQ(links, page.figures.at("mesh-1").rows.size());
}

TEST_F(ReportCommand, ResourcesAreSharesOfWhatThereIs) {
  const ordered_json stats = make("run", {"run", "preset:fc_fc/fused", "preset:edge", "--fidelity", "noc"});
  const ordered_json& simulation = stats["simulation"];
  const ReadFigure figure = report({"run"}).figures.at("resources-1");
  std::map<std::string, std::pair<double, double>> used;
  for (const auto& row : figure.rows) used[row[0]] = {std::stod(row[2]), std::stod(row[3])};
  const double cycles = simulation["cycles"];
  const auto of_cycles = [cycles](double busy) { return std::pair(busy, cycles); };
  EXPECT_EQ(used.at("PE array"), of_cycles(simulation["macs"].get<double>() / 256));
  EXPECT_EQ(used.at("main memory"), of_cycles(simulation["dram"]["busy_cycles"]));
  EXPECT_EQ(used.at("busiest bank, reads"), of_cycles(simulation["glb"]["read_busy_cycles"]));
  EXPECT_EQ(used.at("busiest link"), of_cycles(simulation["noc"]["busy_cycles"]));
  EXPECT_EQ(used.at("GlobalBuffer, space").first, simulation["levels"]["GlobalBuffer"]["peak_words"].get<double>());
  EXPECT_EQ(used.at("GlobalBuffer, space").second, 262144);
  for (const auto& [name, share] : used) EXPECT_LE(share.first, share.second) << name;
  ASSERT_EQ(figure.boxes.size(), figure.rows.size());
  const double percent = figure.boxes[0].width / (100 * std::stod(figure.rows[0][2]) / std::stod(figure.rows[0][3]));
  for (std::size_t i = 0; i < figure.rows.size(); ++i) {
    const double share = 100 * std::stod(figure.rows[i][2]) / std::stod(figure.rows[i][3]);
    EXPECT_NEAR(figure.boxes[i].width, percent * share, 0.02) << figure.rows[i][0];
  }
}

/// Rows of the tables with that name.
Rows table_rows(const ReadPage& page, const std::string& attribute, const std::string& value) {
  Rows rows;
  for (const MarkupElement* table : all_elements(page.root)) {
    const auto found = table->attributes.find(attribute);
    if (table->name != "table" || found == table->attributes.end() || found->second != value) continue;
    for (const MarkupElement* row : all_elements(*table)) {
      if (row->name != "tr") continue;
      rows.emplace_back();
      for (const MarkupElement& cell : row->children) rows.back().push_back(cell.text);
    }
  }
  return rows;
}

std::int64_t ungrouped(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ','), text.end());
  return number(text);
}

TEST_F(ReportCommand, TheCausesOfARunSumToItsCycles) {
  for (const char* rung : {"bandwidth", "noc"}) {
    const ordered_json stats = make(rung, {"run", "preset:mobilenetv2_block/fused", "preset:edge", "--fidelity", rung});
    const Rows rows = table_rows(report({rung}), "class", "limits");
    ASSERT_GT(rows.size(), 3U);
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      sum += ungrouped(rows[i][1]);
      EXPECT_FALSE(rows[i][3].empty());
      EXPECT_FALSE(rows[i][4].empty());
      if (i > 1) {
        EXPECT_LE(ungrouped(rows[i][1]), ungrouped(rows[i - 1][1]));
      }
    }
    EXPECT_EQ(sum, stats["simulation"]["cycles"]);
    // The keys that it names exist.
    const std::string text = text_of(path("report.html"));
    for (std::size_t at = text.find("simulation."); at != std::string::npos; at = text.find("simulation.", at + 1)) {
      const std::string key = text.substr(at, text.find_first_of(",;< ", at) - at);
      EXPECT_EQ(run_program({"explain", key}).exit_code, 0) << key;
    }
  }
}

TEST_F(ReportCommand, DifferencesAreThoseOfTheComparison) {
  const ordered_json stats = make("run", {"run", "preset:resnet18_block/fused", "preset:edge"});
  const Rows rows = table_rows(report({"run"}), "aria-label", "Where simulation and estimate differ");
  std::size_t next = 1;
  for (const auto& entry : stats["comparison"]) {
    if (entry["verdict"] == "equal") continue;
    ASSERT_LT(next, rows.size());
    EXPECT_EQ(rows[next][0], entry["metric"]);
    EXPECT_EQ(rows[next][4], "explained");
    for (const auto& cause : entry["causes"]) EXPECT_THAT(rows[next][5], HasSubstr(cause["name"].get<std::string>()));
    ++next;
  }
  EXPECT_GT(next, 5U);
  EXPECT_EQ(next, rows.size());
}

TEST_F(ReportCommand, RunsStandSideBySideInATable) {
  const ordered_json fused = make("fused", {"run", "preset:fc_fc/fused", "preset:edge"});
  const ordered_json layers = make("layers", {"run", "preset:fc_fc/layers", "preset:edge"});
  EXPECT_TRUE(table_rows(report({"fused"}), "aria-label", "The runs side by side").empty());
  const Rows rows = table_rows(report({"fused", "layers"}), "aria-label", "The runs side by side");
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows[0], (std::vector<std::string>{"figure", path("fused"), path("layers"), "difference"}));
  std::map<std::string, std::vector<std::string>> found;
  for (const auto& row : rows) found[row[0]] = row;
  const auto words = [](const ordered_json& stats) {
    const ordered_json& level = stats["simulation"]["levels"]["MainMemory"];
    return level["reads"].get<std::int64_t>() + level["writes"].get<std::int64_t>();
  };
  const auto& memory = found.at("MainMemory, words read and written");
  EXPECT_EQ(ungrouped(memory[1]), words(fused));
  EXPECT_EQ(ungrouped(memory[2]), words(layers));
  EXPECT_NEAR(std::stod(memory[3].substr(1)),
              100.0 * static_cast<double>(words(layers) - words(fused)) / static_cast<double>(words(fused)), 0.06);
  EXPECT_EQ(found.at("cycles, estimated")[3], "=");
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

/// The same page with a script that measures what the browser drew.
std::string with_measurements(std::string page) {
  const std::string policy = "default-src 'none'";
  page.insert(page.find(policy) + policy.size(), "; script-src 'unsafe-inline'");
  page.insert(page.find("</body>"), R"(<script>
    const charts = [...document.querySelectorAll('figure svg')];
    const drawn = svg => svg.getBBox().width > 100 && svg.getBoundingClientRect().height > 20;
    const spills = svg => {
      const inner = svg.getBBox(), room = svg.viewBox.baseVal;
      return inner.x < -1 || inner.y < -1 || inner.x + inner.width > room.width + 1
        || inner.y + inner.height > room.height + 1;
    };
    const body = document.body.dataset;
    body.drawn = charts.filter(drawn).length;
    body.spilled = charts.filter(spills).map(svg => svg.closest('figure').id).join(' ') || 'none';
    body.wide = document.documentElement.scrollWidth > innerWidth;
    </script>)");
  return page;
}

std::string measured_value(const std::string& document, const std::string& name) {
  const std::string start = "data-" + name + "=\"";
  const std::size_t at = document.find(start);
  if (at == std::string::npos) return "not measured";
  return document.substr(at + start.size(), document.find('"', at + start.size()) - at - start.size());
}

/// Nothing is asked for or complained about, every chart is there, and nothing sticks out of it or of the page.
void expect_sound(const std::string& chromium, const TemporaryFolder& folder, const ReadPage& page) {
  const BrowserView opened = view(chromium, folder, folder.write("opened.html", page.text));
  EXPECT_FALSE(opened.complained);
  EXPECT_EQ(opened.requests, 0U);
  const std::string measured = folder.write("measured.html", with_measurements(page.text));
  for (const int width : {1400, 500}) {
    const std::string document = view(chromium, folder, measured, width).document;
    EXPECT_EQ(measured_value(document, "drawn"), std::to_string(page.figures.size()));
    EXPECT_EQ(measured_value(document, "spilled"), "none");
    EXPECT_EQ(measured_value(document, "wide"), "false") << width;
  }
}

TEST_F(ReportCommand, OpensInABrowser) {
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  make("run", {"run", "preset:mobilenetv2_block/fused", "preset:edge", "--fidelity", "noc", "--trace", "chrome"});
  make("ladder", {"ladder", "preset:fc_fc/fused", "preset:edge"});
  make("estimate", {"estimate", "preset:fc_fc/fused", "preset:edge"});
  const ReadPage page = report({"run", "ladder", "estimate"});
  EXPECT_GE(page.figures.size(), 30U);
  expect_sound(chromium, folder_, page);

  // A page that does both is noticed.
  const BrowserView bad = view(chromium, folder_, folder_.write("bad.html", R"(<!DOCTYPE html><html><body>
      <img src="http://example.invalid/picture.png"><script>nothing.there();</script></body></html>)"));
  EXPECT_TRUE(bad.complained);
  EXPECT_GT(bad.requests, 0U);
}

/// What makes pages large: the preset with the most tiles, traced transfer by transfer, and the largest meshes. (On the
/// rung `noc` one run of that preset has both, and the same charts; it takes half a minute.)
TEST_F(ReportCommand, TheLargestPresetMakesNoLargePage) {
  make("most_tiles",
       {"run", "preset:fsrcnn/fused", "preset:large", "--fidelity", "dram", "--trace", "chrome:transfer"});
  make("most_links", {"run", "preset:fc_fc/layers", "preset:large", "--fidelity", "noc", "--trace", "chrome:transfer"});
  const ReadPage page = report({"most_tiles", "most_links"});
  EXPECT_LT(page.text.size(), 5'000'000U);
  for (const char* chart : {"tiles-1", "occupancy-1", "bandwidth-1", "hits-1", "mesh-2"}) {
    EXPECT_EQ(page.figures.count(chart), 1U) << chart;
  }
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  expect_sound(chromium, folder_, page);
}

}  // namespace
}  // namespace loopsim
