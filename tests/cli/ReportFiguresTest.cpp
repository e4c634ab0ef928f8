// The charts of a report show what stats.json has.
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/TestPaths.hpp"
#include "tests/cli/ReportCommand.hpp"
#include "tests/cli/TraceReaders.hpp"

namespace loopsim {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;

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
  // Ports of the buffer on top and at the side, and one of main memory.
  const std::size_t links = 6 * routers - 4 * 32 + 2 * (32 + 32 + 1);
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

}  // namespace
}  // namespace loopsim
