#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/KitReplay.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"
#include "tests/support/RandomTree.hpp"

// Kits for RTL testbenches, replayed by Icarus Verilog.
namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Two 3x3 convolutions as in docs/examples/fused.yaml, 8 x 8 pixels and few channels.
std::string small_pair(const std::string& branches = "sequential", const std::string& simulation = "") {
  std::string text = text_of(source_folder() / "docs/examples/fused.yaml");
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  };
  replace("< 32", "< 8");
  replace("< 16", "< 4");
  replace("[8, 32, 32]", "[8, 8, 8]");
  replace("type: sequential", "type: " + branches);
  replace("tile_shape: 4", "tile_shape: 2");
  if (!simulation.empty()) replace("levels: {DRAM: {", simulation + ", levels: {DRAM: {");
  return text;
}

class RtlPresets : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(RtlPresets, Pass) {
  const auto& [workload, rung] = GetParam();
  expect_pass(Kit({small(std::string(workload) + "/fused.yaml"), small("edge.yaml"), "--fidelity", rung}));
}

// Padding, residual add, recomputation, strides; exp, div, max and sub of attention.
INSTANTIATE_TEST_SUITE_P(
    All, RtlPresets,
    ::testing::Combine(::testing::Values("fc_fc", "resnet18_block", "mobilenetv2_block", "attention_rows",
                                         "attention_flash", "vgge_front", "fsrcnn"),
                       ::testing::Values("bandwidth", "dram", "noc")),
    [](const auto& tested) { return fmt::format("{}_{}", std::get<0>(tested.param), std::get<1>(tested.param)); });

TEST(RtlKit, OfAFusedPairOfConvolutionsPasses) {
  const TemporaryFolder folder;
  for (const char* branches : {"sequential", "pipeline"}) {
    for (const std::string settings : {"prefetch: 0", "prefetch: 3, pe: {operation_latency: 40}",
                                       "pe: {hold_results: true, operation_overhead: 5}"}) {
      SCOPED_TRACE(branches + (" " + settings));
      std::string text = small_pair(branches, settings);
      if (std::string(branches) == "pipeline") {
        text.replace(text.find("meshX: 16"), 9, "meshX: 32");
        text.replace(text.find("class: SRAM, attributes: {sizeKB: 16"), 36, "class: SRAM, attributes: {sizeKB: 64");
      }
      const std::string file = folder.write("pair.yaml", text);
      expect_pass(Kit({file}));
      // Rows that two tiles need are made twice: what is left of the earlier copy stays readable.
      expect_pass(Kit({file, "--set", "simulation.levels.Buffer.refetch=true"}));
      expect_pass(Kit({file, "--set", "simulation.levels.Buffer.early_write_back=true", "--fidelity", "dram"}));
    }
  }
}

TEST(RtlKit, RecomputedWordsAreMadeAgain) {
  const TemporaryFolder folder;
  std::string text = small_pair();
  const std::string kept = "{type: storage, target: 1, dspace: [Fmap1, Fmap2, Fmap3]}";
  text.replace(text.find(kept), kept.size(),
               "{type: storage, target: 1, dspace: [Fmap1, Fmap3]}\n"
               "  - {type: storage, target: 1, dspace: [Fmap2], exploits_reuse: false}");
  const Kit kit({folder.write("again.yaml", text)});
  expect_pass(kit);
  EXPECT_GT(kit.stats()["simulation"]["einsums"]["Conv1"]["recomputed_ops"], 0);
}

TEST(RtlKit, PartialSumsGoToMainMemoryAndBack) {
  const TemporaryFolder folder;
  std::string text = small_pair();
  const std::string rows = "  - {type: temporal, rank: P2, tile_shape: 2}";
  text.replace(text.find(rows), rows.size(), "  - {type: temporal, rank: C2, tile_shape: 2}\n" + rows);
  const Kit kit({folder.write("spilled.yaml", text)});
  expect_pass(kit);
  std::vector<std::string> all = kit.lines("commands.txt");
  const auto partial = std::find_if(all.begin(), all.end(), [](const std::string& line) {
    const std::vector<std::string> words = words_of(line);
    return words[2] == "fill" && words[7] == "1";
  });
  ASSERT_NE(partial, all.end());
  partial->back() = '0';
  expect_fail(kit.replay_with("commands.txt", all), "fetched from where it is not: word ");
}

/// The low bits are those of the 64-bit values.
TEST(RtlKit, HasWordsOfTheWidthAskedFor) {
  const TemporaryFolder folder;
  const std::string file = folder.write("pair.yaml", small_pair());
  const Kit wide({file}), narrow({file}, "rtl:16");
  expect_pass(narrow);
  const auto long_words = wide.lines("Fmap3.expected.hex"), short_words = narrow.lines("Fmap3.expected.hex");
  ASSERT_EQ(long_words.size(), short_words.size());
  for (std::size_t i = 0; i < long_words.size(); ++i) {
    EXPECT_EQ(long_words[i].size(), 16U);
    EXPECT_EQ(long_words[i].substr(12), short_words[i]);
  }
  const Kit refused({small("attention_rows/fused.yaml"), small("edge.yaml")}, "rtl:16");
  EXPECT_EQ(refused.outcome().exit_code, 65);
  EXPECT_THAT(refused.outcome().errors, HasSubstr("from which the results of einsum "));
  EXPECT_FALSE(fs::exists(refused.folder() / "rtl"));
}

TEST(RtlKit, AFlippedWordOfAnyImageIsCaught) {
  const TemporaryFolder folder;
  const Kit kit({folder.write("pair.yaml", small_pair())});
  expect_pass(kit);
  expect_fail(kit.replay_flipped("Fmap1.hex", 100), "wrong: word ");
  expect_fail(kit.replay_flipped("Filter1.hex", 7), "wrong: word ");
  expect_fail(kit.replay_flipped("Filter2.hex", 7), "wrong: word ");
  const Replay result = kit.replay_flipped("Fmap3.expected.hex", 33);
  expect_fail(result, "wrong: word 33 of Fmap3 in DRAM\n  got ");
  EXPECT_THAT(result.output, HasSubstr("\nFAIL: 1 errors"));

  std::vector<std::string> cut = kit.lines("Filter1.hex");
  cut.pop_back();
  expect_fail(kit.replay_with("Filter1.hex", cut),
              "not in the image: word " + std::to_string(cut.size()) + " of Filter1");
}

TEST(RtlKit, AMissingOrWrongCommandIsCaught) {
  const TemporaryFolder folder;
  const Kit kit({folder.write("pair.yaml", small_pair())});
  expect_fail(kit.replay_without(kit.find("fill")), "read where it is not: word 0 of ");
  expect_fail(kit.replay_without(kit.find("drain")), "never completed: word 0 of Fmap3 in DRAM");
  expect_fail(kit.replay_without(kit.find("take")), "written back, but it has not left:");
  expect_fail(kit.replay_without(kit.find("begin")), "updated, but it was not begun:");
  expect_fail(kit.replay_without(kit.find("complete")), "read where it is not: word 0 of Fmap2 in Buffer");
  expect_fail(kit.replay_without(kit.find("release")), "");
  expect_fail(kit.replay_without(kit.find("compute")), "the sum of operations differs from the run's");
  expect_fail(kit.replay_without(kit.find("move")), "more words than the transfer has");

  const auto changed = [&](const std::string& command, std::size_t column, const std::string& value) {
    std::vector<std::string> all = kit.lines("commands.txt");
    std::string& line = all[kit.find(command)];
    std::vector<std::string> words = words_of(line);
    words.at(column) = value;
    line = fmt::format("{}", fmt::join(words, " "));
    return kit.replay_with("commands.txt", all);
  };
  expect_fail(changed("fill", 3, "fffffff"), "the words lie in no tensor");
  expect_fail(changed("fill", 1, "1"), "the port is not that of the memory");
  expect_fail(changed("fill", 6, "3"), "the byte is not that of the address");
  expect_fail(changed("drain", 0, "1"), "the cycle is less than that of the line before");
  expect_fail(changed("move", 6, "99999999"), "a port moves more than it can");
  expect_fail(changed("move", 5, "99999999"), "issued after it is complete");
  expect_fail(changed("compute", 4, "9"), "the bounds do not give the operations");
  expect_fail(changed("compute", 10, "1"), "read where it is not: word 1 of Fmap3 in DRAM");
  expect_fail(changed("release", 2, "giveup"), "there is no such command");
  std::vector<std::string> cut = kit.lines("commands.txt");
  cut.resize(cut.size() / 2);
  expect_fail(kit.replay_with("commands.txt", cut), "is the file whole?");
}

/// Each line of a kit is needed.
TEST(RtlKit, NoCommandCanBeLeftOut) {
  const Kit kit({small("fc_fc/fused.yaml"), small("edge.yaml"), "--fidelity", "bandwidth"});
  expect_pass(kit);
  const std::size_t lines = kit.lines("commands.txt").size();
  for (std::size_t i = 1; i + 1 < lines; i += 13) {
    SCOPED_TRACE(kit.lines("commands.txt")[i]);
    EXPECT_EQ(kit.replay_without(i).exit_code, 1);
  }
}

TEST(RtlKit, SumsAreTheCounters) {
  for (const char* preset : {"resnet18_block", "mobilenetv2_block"}) {
    for (const char* rung : {"bandwidth", "dram"}) {
      const Kit kit({small(std::string(preset) + "/fused.yaml"), small("edge.yaml"), "--fidelity", rung});
      const ordered_json simulation = kit.stats()["simulation"];
      std::int64_t filled = 0, drained = 0, operations = 0, cycles = 0;
      for (const std::string& line : kit.lines("commands.txt")) {
        const std::vector<std::string> words = words_of(line);
        if (words[2] == "fill") filled += std::stoll(words[4]);
        if (words[2] == "drain") drained += std::stoll(words[4]);
        if (words[2] == "compute") operations += std::stoll(words[4]);
        if (words[2] == "end") cycles = std::stoll(words[0]);
      }
      EXPECT_EQ(filled, simulation["levels"]["MainMemory"]["reads"]);
      EXPECT_EQ(drained, simulation["levels"]["MainMemory"]["writes"]);
      EXPECT_EQ(operations, simulation["macs"]);
      EXPECT_EQ(cycles, simulation["cycles"]);
    }
  }
}

/// The bytes of the commands are those that main memory is asked for.
TEST(RtlKit, AddressesAreThoseOfTheRequests) {
  const Kit kit({small("resnet18_block/fused.yaml"), small("edge.yaml"), "--fidelity", "dram", "--trace", "dram"});
  std::map<std::string, std::set<std::uint64_t>> asked, moved;
  std::istringstream requests(text_of(kit.folder() / "dram.dramsim3.trace"));
  std::string address, operation;
  for (std::int64_t cycle = 0; requests >> address >> operation >> cycle;) {
    asked[operation].insert(std::stoull(address, nullptr, 16) / 64);
  }
  for (const std::string& line : kit.lines("commands.txt")) {
    const std::vector<std::string> words = words_of(line);
    if (words[2] != "fill" && words[2] != "drain") continue;
    const std::uint64_t first = std::stoull(words[6], nullptr, 16), last = first + std::stoull(words[4]) - 1;
    for (std::uint64_t burst = first / 64; burst <= last / 64; ++burst) {
      moved[words[2] == "fill" ? "READ" : "WRITE"].insert(burst);
    }
  }
  EXPECT_EQ(moved, asked);

  std::map<std::string, std::string> first_bytes;
  for (const std::string& line : lines_of(kit.folder() / "dram_map.csv")) {
    std::istringstream row(line);
    std::string name, byte;
    std::getline(std::getline(row, name, ','), byte, ',');
    first_bytes[name] = byte;
  }
  std::size_t compared = 0;
  for (const std::string& line : kit.lines("memories.csv")) {
    std::istringstream row(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    if (cells[2] != "MainMemory") continue;
    EXPECT_EQ(cells[4], first_bytes[cells[3]]);
    ++compared;
  }
  EXPECT_EQ(compared, first_bytes.size() - 1);
}

TEST(RtlKit, ChangesNoResultAndIsTheSameTwice) {
  const std::vector<std::string> run = {small("resnet18_block/fused.yaml"), small("edge.yaml")};
  const Kit first(run), second(run);
  for (const auto& entry : fs::directory_iterator(first.folder() / "rtl")) {
    EXPECT_EQ(text_of(entry.path()), text_of(second.path(entry.path().filename()))) << entry.path();
  }
  const TemporaryFolder folder;
  const auto plain = run_program({"run", run[0], run[1], "-o", folder.path().string()});
  EXPECT_EQ(text_of(folder.path() / "stats.json"), text_of(first.folder() / "stats.json"));
}

TEST(RtlKit, IsWholeOrNotThere) {
  const std::vector<std::string> run = {small("fc_fc/fused.yaml"), small("edge.yaml")};
  const Kit window({run[0], run[1], "--trace-window", "5:"});
  EXPECT_EQ(window.outcome().exit_code, 2);
  EXPECT_THAT(window.outcome().errors, HasSubstr("the trace 'rtl' is of a whole run"));

  // 5 MB of rows.
  const TemporaryFolder folder;
  std::string text = text_of(run[0]);
  for (const char* rank : {"P1 < 16", "P2 < 16"}) text.replace(text.find(rank), 7, std::string(rank, 5) + "4000");
  const Kit long_run({folder.write("long.yaml", text), run[1], "--trace-max-mb", "1"});
  EXPECT_EQ(long_run.outcome().exit_code, 0);
  EXPECT_THAT(long_run.outcome().errors, HasSubstr("there is no 'rtl': its 'commands.txt' reached 1 MB at cycle "));
  EXPECT_FALSE(fs::exists(long_run.folder() / "rtl"));

  text = text_of(source_folder() / "docs/examples/fused.yaml");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"< 32", "< 2048"}, {"32, 32]", "2048, 2048]"}, {"shape: 4}", "shape: 1024}"}, {"KB: 16", "KB: 1600000"}}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }
  const Kit large({folder.write("large.yaml", text)});
  EXPECT_EQ(large.outcome().exit_code, 75);
  EXPECT_THAT(large.outcome().errors, HasSubstr("evaluates the workload directly"));
  EXPECT_FALSE(fs::exists(large.folder() / "rtl"));

  EXPECT_EQ(Kit(run, "rtl:12").outcome().exit_code, 2);
}

TEST(RtlKit, AnInterruptedRunLeavesNone) {
  const TemporaryFolder folder;
  // 25 000 iterations: seconds of work.
  std::string text = text_of(small("fc_fc/fused.yaml"));
  for (const char* rank : {"P1 < 16", "P2 < 16"}) text.replace(text.find(rank), 7, std::string(rank, 5) + "100000");
  const std::string workload = folder.write("long.yaml", text);
  const std::string machine = small("edge.yaml");
  const fs::path output = folder.path() / "out";
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    execl(program_path().c_str(), "loopsim", "run", workload.c_str(), machine.c_str(), "-o", output.c_str(), "--trace",
          "rtl", static_cast<char*>(nullptr));
    _exit(127);
  }
  ASSERT_GT(child, 0);
  const auto begun = [&] {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(output / "rtl", ignored)) {
      if (entry.path().filename().string().find("commands") != std::string::npos && entry.file_size(ignored) > 0) {
        return true;
      }
    }
    return false;
  };
  for (int i = 0; i < 3'000 && !begun(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_FALSE(fs::exists(output / "rtl"));
}

/// Random graphs and mappings: nested branches, ragged tiles, strides, partial sums that are spilled.
void expect_random_pass(std::uint64_t first, std::uint64_t last) {
  const TemporaryFolder folder;
  int tried = 0;
  for (std::uint64_t seed = first; seed < last; ++seed) {
    RandomTreeLimits limits;
    limits.several_buffers = seed % 2 == 0;
    Choices choices(random_numbers(seed));
    const RandomCase random = random_case(choices, limits);
    const std::string file = folder.write("random.yaml", to_yaml(random));
    const auto checked = run_program({"run", file, "--functional", "--set", "simulation.prefetch=2"});
    if (checked.exit_code == 65) continue;
    const Kit kit({file, "--set", "simulation.prefetch=2"});
    // A limit of the kit that docs/traces.md states.
    if (kit.outcome().errors.find("below a spatial loop it lies in several instances") != std::string::npos) continue;
    ASSERT_EQ(kit.outcome().exit_code, checked.exit_code) << kit.outcome().errors;
    const Replay replay = kit.replay();
    ASSERT_EQ(replay.exit_code, 0) << "seed " << seed << "\n" << replay.output << to_yaml(random);
    ASSERT_THAT(replay.output, StartsWith("PASS: "));
    ++tried;
  }
  EXPECT_GT(tried, static_cast<int>(last - first) / 2);
}

TEST(RtlKit, OfRandomMappingsPass) {
  expect_random_pass(0, 25);
}

TEST(RtlKit, SlowOfManyRandomMappingsPass) {
  expect_random_pass(1000, 1250);
}

}  // namespace
}  // namespace loopsim
