#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "arch/FidelityName.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

const std::string ideal_case = "preset:fc_fc/fused";

std::string small_machine() {
  return (source_folder() / "tests/presets_small/edge.yaml").string();
}
std::string small_case() {
  return (source_folder() / "tests/presets_small/fc_fc/fused.yaml").string();
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

void expect_sums(const ordered_json& document) {
  const ordered_json& simulation = document["simulation"];
  std::int64_t bridged = document["estimate"]["cycles"];
  for (const auto& entry : document["bridge"]) bridged += entry["cycles"].get<std::int64_t>();
  EXPECT_EQ(simulation["cycles"], bridged);
  for (const auto& stage : simulation["accounting"]) {
    std::int64_t sum = 0;
    for (const char* key : {"compute", "ramp", "drain", "idle"}) sum += stage[key].get<std::int64_t>();
    for (const auto& stall : stage["stall"]) sum += stall.get<std::int64_t>();
    EXPECT_EQ(stage["total"], sum);
    EXPECT_EQ(simulation["cycles"], sum);
  }
  for (const auto& entry : document["comparison"]) {
    double sum = 0;
    for (const auto& cause : entry["causes"]) sum += cause["amount"].get<double>();
    if (entry["verdict"] == "explained") {
      EXPECT_NEAR(sum, entry["delta"].get<double>(), 1e-9 * std::abs(sum));
    }
  }
}

TEST(RunCommand, PrintsATable) {
  const auto outcome = run_program({"run", ideal_case, "--fidelity", "ideal"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr(ideal_case));
  EXPECT_THAT(outcome.output, HasSubstr("fidelity ideal"));
  EXPECT_THAT(outcome.output, HasSubstr("Comparison of"));
  EXPECT_THAT(outcome.output, HasSubstr("0 unexplained"));
  EXPECT_THAT(outcome.errors, Not(HasSubstr("error")));
}

TEST(RunCommand, TheFidelityComesFromTheMachineUnlessGiven) {
  const auto alone = ordered_json::parse(run_program({"run", small_case(), "--json"}).output);
  EXPECT_EQ(alone["fidelity"], "ideal");
  const auto machine = ordered_json::parse(run_program({"run", small_case(), small_machine(), "--json"}).output);
  EXPECT_EQ(machine["fidelity"], "bandwidth");
  const auto given =
      ordered_json::parse(run_program({"run", small_case(), small_machine(), "--json", "--fidelity", "ideal"}).output);
  EXPECT_EQ(given["fidelity"], "ideal");
}

TEST(RunCommand, EveryCycleHasACause) {
  for (const char* fidelity : {"ideal", "bandwidth", "dram"}) {
    const auto outcome = run_program({"run", small_case(), small_machine(), "--json", "--fidelity", fidelity});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    const auto document = ordered_json::parse(outcome.output);
    expect_sums(document);
    EXPECT_EQ(document["simulation"]["macs"], document["estimate"]["macs"]);
  }
}

TEST(RunCommand, WritesAllFilesTheSameBytesEachTime) {
  const TemporaryFolder folder;
  const fs::path first = folder.path() / "first";
  const fs::path second = folder.path() / "deep" / "second";
  const auto outcome = run_program({"run", small_case(), small_machine(), "-o", first.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  ASSERT_EQ(run_program({"run", small_case(), small_machine(), "-o", second.string()}).exit_code, 0);
  EXPECT_THAT(names_in(first), UnorderedElementsAre("stats.json", "stats.csv", "resolved.yaml", "host.json"));
  EXPECT_EQ(outcome.output, text_of(first / "stats.json"));
  for (const char* name : {"stats.json", "stats.csv", "resolved.yaml"}) {
    EXPECT_NE(text_of(first / name), "");
    EXPECT_EQ(text_of(first / name), text_of(second / name)) << name;
  }
  const auto host = ordered_json::parse(text_of(first / "host.json"));
  EXPECT_EQ(host["command_line"][1], "run");
  EXPECT_EQ(host["command_line"].back(), "--json");
  EXPECT_GT(host["peak_memory_bytes"], 0);
  EXPECT_GT(host["cycles_per_second"], 0);
}

TEST(RunCommand, ResolvedInputsGiveTheSameRun) {
  const TemporaryFolder folder;
  for (const char* fidelity : {"ideal", "bandwidth", "dram", "glb", "noc"}) {
    ASSERT_EQ(run_program({"run", "preset:mobilenetv2_block/fused", "preset:edge", "--fidelity", fidelity, "-o",
                           folder.path().string()})
                  .exit_code,
              0);
    const auto again = run_program({"run", (folder.path() / "resolved.yaml").string(), "--json"});
    ASSERT_EQ(again.exit_code, 0) << again.errors;
    const auto first = ordered_json::parse(text_of(folder.path() / "stats.json"));
    const auto second = ordered_json::parse(again.output);
    for (const char* key : {"fidelity", "estimate", "simulation", "comparison", "bridge"})
      EXPECT_EQ(first[key], second[key]) << fidelity << ' ' << key;
  }
}

TEST(RunCommand, FunctionalModeChecksTheOutputs) {
  const auto outcome = run_program({"run", small_case(), small_machine(), "--functional", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto document = ordered_json::parse(outcome.output);
  EXPECT_GT(document["simulation"]["functional"]["checked"], 0);
  EXPECT_EQ(document["simulation"]["functional"]["mismatches"], 0);
}

TEST(RunCommand, RefreshOfTheDramIsACauseOfItsOwn) {
  const auto run_with = [](const char* refresh) {
    const auto outcome = run_program({"run", "preset:resnet18_block/fused", "preset:edge", "--fidelity", "dram",
                                      "--json", "--set", std::string("simulation.dram.refresh=") + refresh});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return ordered_json::parse(outcome.output);
  };
  const auto with = run_with("all");
  const auto without = run_with("off");
  const auto& stage = with["simulation"]["accounting"][0];
  EXPECT_GT(stage["detail"].value("dram.refresh", 0), 0);
  std::int64_t detail = 0;
  for (const auto& [name, cycles] : stage["detail"].items()) {
    if (name.rfind("dram.", 0) == 0) detail += cycles.get<std::int64_t>();
  }
  EXPECT_LE(detail, stage["stall"]["dram"]);
  EXPECT_EQ(without["simulation"]["accounting"][0]["detail"].value("dram.refresh", 0), 0);
  EXPECT_GT(with["simulation"]["dram"]["refreshes"], 0);
  EXPECT_EQ(without["simulation"]["dram"]["refreshes"], 0);
  EXPECT_LT(without["simulation"]["cycles"], with["simulation"]["cycles"]);
  for (const auto* document : {&with, &without}) expect_sums(*document);
}

TEST(RunCommand, ADramThatDoesNotGoTogetherIsRefused) {
  const auto run_with = [](const char* setting) {
    return run_program({"run", small_case(), small_machine(), "--fidelity", "dram", "--set", setting});
  };
  const auto part = run_with("simulation.dram.part=ddr4-2400");
  EXPECT_EQ(part.exit_code, 65);
  EXPECT_THAT(part.errors, HasSubstr("there is no DRAM part 'ddr4-2400'; did you mean 'ddr4-2400-17'?"));
  const auto mapping = run_with("simulation.dram.mapping=row:bank:bankgrp:column");
  EXPECT_EQ(mapping.exit_code, 65);
  EXPECT_THAT(mapping.errors,
              HasSubstr("simulation.dram.mapping: there is no field 'bankgrp'; did you mean 'bankgroup'?"));
  const auto channels = run_with("simulation.dram.channels=3");
  EXPECT_EQ(channels.exit_code, 65);
  EXPECT_THAT(channels.errors, HasSubstr("expected a power of two, got 3"));
  const auto peak = run_with("simulation.dram.channels=4");
  EXPECT_EQ(peak.exit_code, 0);
  EXPECT_THAT(peak.errors, HasSubstr("4 channels of ddr4-2400-17 move 76.8 GB/s at most"));
  EXPECT_THAT(peak.errors, HasSubstr("the tensors lie in 1 of 4 channels"));
  const auto spread =
      run_program({"run", small_case(), small_machine(), "--fidelity", "dram", "--set", "simulation.dram.channels=4",
                   "--set", "simulation.dram.mapping=row:bank:column:bankgroup:channel"});
  EXPECT_EQ(spread.exit_code, 0);
  EXPECT_THAT(spread.errors, Not(HasSubstr("the tensors lie in")));
}

TEST(RunCommand, HelpNamesTheRungs) {
  const auto help = run_program({"run", "--help"});
  EXPECT_THAT(help.output, HasSubstr("ideal, bandwidth, dram, glb, noc"));
  const auto misspelt = run_program({"run", ideal_case, "--fidelity", "bandwith"});
  EXPECT_THAT(misspelt.errors, HasSubstr("there is no rung 'bandwith'; did you mean 'bandwidth'?"));
}

TEST(RunCommand, WarningsAreShownOnce) {
  const auto outcome = run_program({"run", ideal_case, "--set", "mapping.nodes.2.tile_shape=1000"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.errors, HasSubstr("warning: "));
  EXPECT_THAT(outcome.errors, HasSubstr("tile_shape=1000: warning: "));
  EXPECT_THAT(outcome.output, HasSubstr("1 warning: see standard error"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("tile_shape=1000")));
}

TEST(RunCommand, TheTableOfAllNamesEveryMetricThatDiffers) {
  const auto table = run_program({"run", small_case(), small_machine(), "--all"});
  const auto document = ordered_json::parse(run_program({"run", small_case(), small_machine(), "--json"}).output);
  int differing = 0;
  for (const auto& entry : document["comparison"]) {
    if (entry["verdict"] == "equal") continue;
    ++differing;
    EXPECT_THAT(table.output, HasSubstr("\n  " + entry["metric"].get<std::string>().substr(0, 28)));
  }
  EXPECT_GT(differing, 3);
}

TEST(RunCommand, UsageErrors) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"run"},
                                                {"run", ideal_case, "--fidelity", "perfect"},
                                                {"run", ideal_case, "--trace", "dram"},
                                                {"run", ideal_case, "-o"},
                                                {"estimate"},
                                                {"estimate", ideal_case, "--fidelity", "ideal"}}) {
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors, "");
  }
}

TEST(RunCommand, MissingInput) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  const auto outcome = run_program({"run", "nowhere.yaml", "-o", output.string()});
  EXPECT_EQ(outcome.exit_code, 66);
  EXPECT_EQ(outcome.output, "");
  EXPECT_FALSE(fs::exists(output));
}

TEST(RunCommand, OutputThatCannotBeWrittenIsFoundFirst) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "mine");
  for (const std::string& output : {file, file + "/sub", std::string()}) {
    const auto outcome = run_program({"run", ideal_case, "-o", output});
    EXPECT_EQ(outcome.exit_code, 65);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, HasSubstr("cannot write '"));
  }
  EXPECT_EQ(text_of(file), "mine");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("file"));
}

TEST(RunCommand, AMappingThatDoesNotFitIsRefusedAndEstimated) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  const std::vector<std::string> words = {small_case(),    small_machine(), "-o",
                                          output.string(), "--set",         "simulation.levels.GlobalBuffer.size=8"};
  std::vector<std::string> run = {"run"};
  run.insert(run.end(), words.begin(), words.end());
  const auto refused = run_program(run);
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_EQ(refused.output, "");
  EXPECT_THAT(refused.errors, HasSubstr("GlobalBuffer"));
  EXPECT_FALSE(fs::exists(output));

  std::vector<std::string> estimate = {"estimate"};
  estimate.insert(estimate.end(), words.begin(), words.end());
  const auto estimated = run_program(estimate);
  EXPECT_EQ(estimated.exit_code, 0);
  EXPECT_THAT(estimated.errors, HasSubstr("warning: "));
  EXPECT_THAT(ordered_json::parse(text_of(output / "stats.json"))["warnings"], Not(IsEmpty()));
}

TEST(EstimateCommand, SaysWhatTheRunEstimates) {
  const auto estimated = run_program({"estimate", small_case(), small_machine(), "--json"});
  EXPECT_EQ(estimated.exit_code, 0) << estimated.errors;
  const auto alone = ordered_json::parse(estimated.output);
  const auto run = ordered_json::parse(run_program({"run", small_case(), small_machine(), "--json"}).output);
  EXPECT_EQ(alone["estimate"], run["estimate"]);
  for (const char* key : {"simulation", "comparison", "bridge"}) {
    EXPECT_FALSE(alone.contains(key));
    EXPECT_TRUE(run.contains(key));
  }
  const auto table = run_program({"estimate", small_case(), small_machine()});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_THAT(table.output, HasSubstr("estimate only"));
}

/// Whether a process has a handler for SIGINT.
bool catches_interrupts(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigCgt:", 0) == 0) return (std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1) & 1U) != 0;
  }
  return false;
}

TEST(RunCommand, AnInterruptLeavesNothingBehind) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  int input[2];
  ASSERT_EQ(pipe(input), 0);
  const pid_t child = fork();
  if (child == 0) {
    // It waits for an input that never ends.
    dup2(input[0], STDIN_FILENO);
    execl(program_path().c_str(), "loopsim", "run", "-", "-o", output.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  ASSERT_GT(child, 0);
  for (int i = 0; i < 1'000 && !catches_interrupts(child); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  close(input[0]);
  close(input[1]);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_FALSE(fs::exists(output));
}

}  // namespace
}  // namespace loopsim
