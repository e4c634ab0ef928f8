// What the pages take from the program: generated tables, and lists that must be complete.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "tests/TestPaths.hpp"
#include "tests/docs/ConsoleBlock.hpp"
#include "tests/docs/Markdown.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json run_json(const std::string& arguments) {
  const ShellOutcome outcome = run_shell("loopsim run --json " + arguments + " 2>/dev/null", source_folder(), 0);
  EXPECT_EQ(outcome.exit_code, 0) << arguments;
  return Json::parse(join_lines(outcome.output));
}

std::vector<std::string> workload_presets() {
  std::vector<std::string> names;
  const fs::path folder = source_folder() / "workloads/presets";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(fs::relative(entry.path(), folder).replace_extension());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// 1234567 as 1 234 567.
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, " ");
  return text;
}

/// The run's stats, or nothing where the mapping does not fit the machine's buffer.
std::optional<Json> run_if_it_fits(const std::string& arguments) {
  const ShellOutcome outcome = run_shell("loopsim run --json " + arguments + " 2>&1", source_folder(), 0);
  const std::string text = join_lines(outcome.output);
  if (outcome.exit_code == 0) return Json::parse(text.substr(text.find('{')));
  EXPECT_EQ(outcome.exit_code, 65) << arguments;
  EXPECT_NE(text.find("does not fit 'GlobalBuffer'"), std::string::npos) << text;
  return std::nullopt;
}

std::vector<std::string> preset_figures() {
  std::vector<std::string> lines = {
      "| workload | estimate | `ideal` | `edge` | `large` | off-chip words | peak buffer, `edge` |",
      "|---|---:|---:|---:|---:|---:|---:|",
  };
  for (const std::string& name : workload_presets()) {
    std::string row;
    std::string peak = "-";
    std::int64_t words = 0;
    for (const char* machine : {"ideal", "edge", "large"}) {
      const auto stats = run_if_it_fits("preset:" + name + " preset:" + machine);
      if (!stats) {
        row += " | -";
        continue;
      }
      const Json& levels = (*stats)["simulation"]["levels"];
      if (row.empty()) row = "| `" + name + "` | " + grouped((*stats)["estimate"]["cycles"]);
      row += " | " + grouped((*stats)["simulation"]["cycles"]);
      words = levels["MainMemory"]["reads"].get<std::int64_t>() + levels["MainMemory"]["writes"].get<std::int64_t>();
      if (machine == std::string("edge")) peak = grouped(levels["GlobalBuffer"]["peak_words"]);
    }
    lines.push_back(row + " | " + grouped(words) + " | " + peak + " |");
  }
  return lines;
}

/// The entry of a list that is about this einsum and tensor.
Json entry_of(const Json& list, const std::string& einsum, const std::string& tensor) {
  for (const Json& entry : list) {
    if (entry["einsum"] == einsum && entry["tensor"] == tensor) return entry;
  }
  ADD_FAILURE() << einsum << " takes no " << tensor;
  return {};
}

std::string rounded(double number) {
  std::ostringstream text;
  text << std::setprecision(4) << number;
  return text.str();
}

/// What other layouts than its own do to one feature map of a preset, on the rung `glb` of `edge`.
void append_layouts(const std::string& preset, const std::string& einsum, const std::string& tensor,
                    const std::vector<std::string>& layouts, std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const Json stats = run_json("preset:" + preset + " preset:edge --fidelity glb --set simulation.tensors." + tensor +
                                ".layout=" + layouts[i]);
    const Json closed = entry_of(stats["estimate"]["layout"], einsum, tensor);
    const Json simulated = entry_of(stats["simulation"]["glb"]["layout"], einsum, tensor);
    const std::string what = i == 0 ? "`" + preset + "`, " + einsum + ", " + tensor : "";
    lines.push_back("| " + what + (what.empty() ? "" : " ") + "| `" + layouts[i] + "` | " +
                    grouped(closed["lines_per_step"]) + " | " + rounded(closed["slowdown"]) + " | " +
                    rounded(simulated["slowdown"]) + " | " + grouped(stats["simulation"]["cycles"]) + " | " +
                    grouped(stats["simulation"]["glb"]["bank_conflict_cycles"]) + " |");
  }
}

std::vector<std::string> layout_figures() {
  std::vector<std::string> lines = {
      "| layer and feature map | layout | lines a step | closed form | simulated | cycles of the block | bank "
      "conflicts |",
      "|---|---|---:|---:|---:|---:|---:|",
  };
  append_layouts("resnet18_block/fused", "Conv1", "Fmap1", {"CHW_C", "HWC_C", "CHW_W"}, lines);
  append_layouts("mobilenetv2_block/fused", "Project", "Fmap3", {"CHW_C", "HWC_C", "CHW_W"}, lines);
  return lines;
}

/// Networks of many millions of steps, of which the rungs above `bandwidth` take long.
bool is_long(const std::string& preset) {
  return preset.rfind("vgge_front/", 0) == 0 || preset.rfind("fsrcnn/", 0) == 0;
}

/// Options that give every tensor of a preset the layout that it would have without a setting.
std::string row_major_options(const std::string& preset) {
  static const std::regex tensor(R"(name: (\w+), dimensions: \[([^\]]*)\])");
  std::string options;
  std::ifstream file(source_folder() / ("workloads/presets/" + preset + ".yaml"));
  for (std::string line; std::getline(file, line);) {
    for (std::sregex_iterator at(line.begin(), line.end(), tensor), end; at != end; ++at) {
      const std::string dimensions = (*at)[2];
      const std::size_t last = dimensions.rfind(' ') + 1;
      options += " --set 'simulation.tensors." + (*at)[1].str() + ".layout=" + dimensions + " / " +
                 dimensions.substr(last) + "'";
    }
  }
  return options;
}

/// Presets without their layouts, and with those that the runs then advise.
std::vector<std::string> advice_figures() {
  std::vector<std::string> lines = {
      "| workload | machine | row-major | conflicts | promised | as advised | saved | the preset's own |",
      "|---|---|---:|---:|---:|---:|---:|---:|",
  };
  for (const std::string& name : workload_presets()) {
    if (is_long(name)) continue;
    for (const char* machine : {"edge", "large"}) {
      const std::string inputs = "preset:" + name + " preset:" + machine + " --fidelity glb";
      const Json before = run_json(inputs + row_major_options(name));
      if (!before.contains("advice")) continue;
      std::string options = row_major_options(name);
      for (const Json& layout : before["advice"]["layouts"]) {
        options += " --set 'simulation.tensors." + layout["tensor"].get<std::string>() +
                   ".layout=" + layout["layout"].get<std::string>() + "'";
      }
      const std::int64_t cycles = before["simulation"]["cycles"];
      const std::int64_t after = run_json(inputs + options)["simulation"]["cycles"];
      lines.push_back("| `" + name + "` | `" + machine + "` | " + grouped(cycles) + " | " +
                      grouped(before["simulation"]["glb"]["bank_conflict_cycles"]) + " | " +
                      grouped(before["advice"]["layouts_save"]) + " | " + grouped(after) + " | " +
                      grouped(cycles - after) + " | " + grouped(run_json(inputs)["simulation"]["cycles"]) + " |");
    }
  }
  return lines;
}

/// Rungs side by side: what the presets' layouts leave of bank conflicts.
std::vector<std::string> rung_figures() {
  std::vector<std::string> lines = {
      "| workload | `edge`: `bandwidth` | `dram` | `glb` | bank conflicts | `large`: `bandwidth` | `dram` | `glb` | "
      "bank "
      "conflicts |",
      "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
  };
  for (const std::string& name : workload_presets()) {
    if (is_long(name)) continue;
    std::string row = "| `" + name + "`";
    for (const char* machine : {"edge", "large"}) {
      Json glb;
      for (const char* rung : {"bandwidth", "dram", "glb"}) {
        const Json stats = run_json("preset:" + name + " preset:" + machine + " --fidelity " + rung);
        row += " | " + grouped(stats["simulation"]["cycles"]);
        glb = stats["simulation"]["glb"];
      }
      row += " | " + grouped(glb["bank_conflict_cycles"]);
    }
    lines.push_back(row + " |");
  }
  return lines;
}

/// Tables of figures by what stands in the page; simulations, so they take their time.
std::optional<std::vector<std::string>> figures(const std::string& what) {
  if (what == "figures of the presets") return preset_figures();
  if (what == "figures of layouts") return layout_figures();
  if (what == "figures of layout advice") return advice_figures();
  if (what == "figures of the rungs") return rung_figures();
  return std::nullopt;
}

std::vector<std::string> generate(const std::string& what) {
  if (const auto lines = figures(what)) return *lines;
  EXPECT_EQ(what.rfind("loopsim ", 0), 0) << what;
  return run_shell(what, source_folder(), 0).output;
}

/// Compares the generated parts that `wanted` selects, or with LOOPSIM_UPDATE_DOCS=1 writes them anew.
void check_parts(const std::function<bool(const std::string&)>& wanted) {
  int parts = 0;
  for (const fs::path& path : page_paths()) {
    for (std::size_t i = 0; i < read_page(path).generated.size(); ++i) {
      const MarkdownPage page = read_page(path);
      const GeneratedPart& part = page.generated[i];
      if (!wanted(part.what)) continue;
      ++parts;
      const std::vector<std::string> lines = generate(part.what);
      if (std::getenv("LOOPSIM_UPDATE_DOCS") == nullptr) {
        EXPECT_EQ(join_lines(part.lines), join_lines(lines)) << path << ": " << part.what;
      } else if (lines != part.lines) {
        replace_lines(page, part.first, part.lines.size(), lines);
      }
    }
  }
  EXPECT_GT(parts, 0);
}

TEST(Generated, TablesOfTheProgramAreUpToDate) {
  check_parts([](const std::string& what) { return what.rfind("loopsim ", 0) == 0; });
}

TEST(Generated, SlowFiguresAreUpToDate) {
  check_parts([](const std::string& what) { return what.rfind("figures of ", 0) == 0; });
}

/// First cells of the table rows of a page, without their back quotes.
std::set<std::string> row_names(const fs::path& path) {
  std::set<std::string> names;
  static const std::regex row(R"(^\| `([^`]+)`.*)");
  for (const std::string& line : read_page(path).lines) {
    std::smatch match;
    if (std::regex_match(line, match, row)) names.insert(match[1]);
  }
  return names;
}

std::set<std::string> words_in_code(const fs::path& path) {
  std::set<std::string> words;
  static const std::regex word("[a-z0-9_]+");
  for (const std::string& span : read_page(path).code) {
    for (std::sregex_iterator at(span.begin(), span.end(), word), end; at != end; ++at) words.insert(at->str());
  }
  return words;
}

void expect_causes_listed(const std::string& inputs, const std::set<std::string>& listed) {
  const Json stats = run_json(inputs);
  for (const Json& entry : stats["comparison"]) {
    for (const Json& cause : entry["causes"]) {
      EXPECT_TRUE(listed.count(cause["name"])) << cause["name"] << " of " << inputs;
    }
  }
  for (const Json& entry : stats["bridge"]) EXPECT_TRUE(listed.count(entry["cause"])) << entry["cause"];
}

TEST(Lists, SlowCausesThatRunsGiveAreListed) {
  const std::set<std::string> listed = row_names("docs/comparison.md");
  EXPECT_GT(listed.size(), 10u);
  for (const std::string& name : workload_presets()) {
    const std::string machine = is_long(name) ? "large" : "edge";
    if (name.find("fused") != std::string::npos) expect_causes_listed("preset:" + name + " preset:" + machine, listed);
  }
  for (const char* name : {"pad1_P2t2_seq", "sp_PQ_seq", "c3_bothrec_pipe", "l4_peer_PQ_seq", "nest_pipe_of_seq"}) {
    expect_causes_listed(std::string("tests/goldens/looptree/") + name + ".yaml", listed);
  }
}

/// Rare causes do not show in these runs, but their names stand in the sources.
TEST(Lists, NamesInTheComparisonAreListed) {
  const std::set<std::string> listed = words_in_code("docs/comparison.md");
  static const std::regex literal("\"([a-z]+(_[a-z]+)+)[\":]");
  int names = 0;
  for (const auto& entry : fs::directory_iterator(source_folder() / "comparison")) {
    if (entry.path().extension() != ".cpp") continue;
    for (const std::string& line : read_page(fs::relative(entry.path(), source_folder())).lines) {
      for (std::sregex_iterator at(line.begin(), line.end(), literal), end; at != end; ++at, ++names) {
        EXPECT_TRUE(listed.count((*at)[1])) << entry.path() << ": " << (*at)[1];
      }
    }
  }
  EXPECT_GT(names, 10);
}

/// Keys of a JSON document; those that are names of the user's are left out.
void collect_keys(const Json& json, std::set<std::string>& keys) {
  if (json.is_array()) {
    for (const Json& item : json) collect_keys(item, keys);
  }
  if (!json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    keys.insert(key);
    const bool holds_names =
        key == "einsums" || key == "tensors" || key == "levels" || key == "memory_cycles" || key == "detail";
    if (!holds_names) {
      collect_keys(value, keys);
    } else if (value.is_object()) {
      for (const Json& item : value) collect_keys(item, keys);
    }
  }
}

TEST(Lists, EveryFieldOfStatsJsonIsDescribed) {
  const std::set<std::string> described = words_in_code("docs/output.md");
  std::set<std::string> keys;
  collect_keys(run_json("preset:fc_fc/fused preset:edge --functional"), keys);
  EXPECT_GT(keys.size(), 50u);
  for (const std::string& key : keys) EXPECT_TRUE(described.count(key)) << key;
}

TEST(Lists, EveryPresetIsDescribed) {
  const std::set<std::string> rows = row_names("docs/presets.md");
  const ShellOutcome list = run_shell("loopsim presets", source_folder(), 0);
  static const std::regex entry("  ([^ ]+)  .*");
  int presets = 0;
  for (const std::string& line : list.output) {
    std::smatch match;
    if (!std::regex_match(line, match, entry)) continue;
    ++presets;
    EXPECT_TRUE(rows.count(match[1])) << match[1];
  }
  EXPECT_GT(presets, 5);
}

}  // namespace
}  // namespace loopsim
