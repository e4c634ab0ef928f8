#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <poll.h>
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
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;

/// A small workload and machine, before further words.
Words small(const std::string& command, const Words& more = {}) {
  const fs::path folder = source_folder() / "tests/presets_small";
  Words words = {command, (folder / "fc_fc/fused.yaml").string(), (folder / "edge.yaml").string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ordered_json json_of(const Words& words) {
  const auto outcome = run_program(words);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  return ordered_json::parse(outcome.output);
}

std::string highest_rung() {
  return fidelity_word(all_rungs().back());
}

TEST(LadderCommand, RungsAreTheRunsAndSum) {
  const ordered_json document = json_of(small("ladder", {"--json"}));
  const ordered_json& ladder = document["ladder"];
  ASSERT_EQ(ladder.size(), all_rungs().size());
  std::int64_t below = document["estimate"]["cycles"];
  const std::int64_t ideal = ladder[0]["cycles"];
  for (std::size_t i = 0; i < ladder.size(); ++i) {
    const std::string name = fidelity_word(all_rungs()[i]);
    EXPECT_EQ(ladder[i]["rung"], name);
    const ordered_json run = json_of(small("run", {"--json", "--fidelity", name}));
    EXPECT_EQ(ladder[i]["cycles"], run["simulation"]["cycles"]);
    EXPECT_EQ(ladder[i]["added"], ladder[i]["cycles"].get<std::int64_t>() - below);
    std::int64_t causes = 0;
    for (const auto& cycles : ladder[i]["causes"]) causes += cycles.get<std::int64_t>();
    EXPECT_EQ(ladder[i]["added"], causes);
    below = ladder[i]["cycles"];
    if (i == 0) {
      EXPECT_TRUE(ladder[i]["alone"].is_null());
    } else {
      const ordered_json alone = json_of(small("run", {"--json", "--only", name}));
      EXPECT_EQ(ladder[i]["alone"], alone["simulation"]["cycles"].get<std::int64_t>() - ideal) << name;
    }
  }
  EXPECT_GT(below, ideal);
}

TEST(LadderCommand, TheDocumentIsTheHighestRungsRun) {
  ordered_json ladder = json_of(small("ladder", {"--json", "--functional"}));
  EXPECT_EQ(ladder["fidelity"], highest_rung());
  ladder.erase("ladder");
  EXPECT_EQ(ladder.dump(), json_of(small("run", {"--json", "--functional", "--fidelity", highest_rung()})).dump());
}

TEST(LadderCommand, PrintsATableOfEveryRung) {
  const auto outcome = run_program(small("ladder", {"--functional"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("\n  estimate "));
  for (const Fidelity rung : all_rungs()) {
    EXPECT_THAT(outcome.output, HasSubstr(std::string("\n  ") + fidelity_word(rung) + " "));
  }
  EXPECT_THAT(outcome.output, HasSubstr(" 0 wrong\n"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("UNEXPLAINED")));
}

TEST(LadderCommand, TheNumberOfJobsChangesNoByte) {
  const TemporaryFolder folder;
  const std::string first = (folder.path() / "1").string();
  const auto outcome = run_program(small("ladder", {"--json", "-o", first, "--jobs", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, text_of(fs::path(first) / "stats.json"));
  for (const char* jobs : {"2", "9"}) {
    const std::string other = (folder.path() / jobs).string();
    ASSERT_EQ(run_program(small("ladder", {"-o", other, "--jobs", jobs})).exit_code, 0);
    for (const char* file : {"stats.json", "stats.csv", "resolved.yaml"}) {
      EXPECT_EQ(text_of(fs::path(first) / file), text_of(fs::path(other) / file)) << file << " with " << jobs;
    }
  }
}

TEST(LadderCommand, TheFilesAreTheHighestRungsAndHaveTheLadder) {
  const TemporaryFolder folder;
  const fs::path climbed = folder.path() / "ladder";
  const fs::path run = folder.path() / "run";
  ASSERT_EQ(run_program(small("ladder", {"-o", climbed.string()})).exit_code, 0);
  ASSERT_EQ(run_program(small("run", {"-o", run.string(), "--fidelity", highest_rung()})).exit_code, 0);
  EXPECT_EQ(text_of(climbed / "resolved.yaml"), text_of(run / "resolved.yaml"));
  const std::string rows = text_of(climbed / "stats.csv");
  const std::string without = text_of(run / "stats.csv");
  EXPECT_EQ(rows.substr(0, without.size()), without);
  const std::string added = rows.substr(without.size());
  EXPECT_THAT(added, HasSubstr("ideal,,,,,,ladder_cycles,"));
  EXPECT_THAT(added, HasSubstr("\nbandwidth,,,,,stall.dram,ladder_cause,"));
  const ordered_json host = ordered_json::parse(text_of(climbed / "host.json"));
  EXPECT_EQ(host["command_line"][1], "ladder");
  EXPECT_GT(host["cpu_seconds"], 0);
  EXPECT_GT(host["cycles_per_second"], 0);
}

TEST(LadderCommand, OneEffectOnIdeal) {
  const ordered_json document = json_of(small("ladder", {"--json", "--only", "bandwidth"}));
  EXPECT_EQ(document["fidelity"], "bandwidth");
  EXPECT_EQ(document["only"], true);
  ASSERT_EQ(document["ladder"].size(), 2U);
  EXPECT_EQ(document["ladder"][0]["rung"], "ideal");
  EXPECT_FALSE(document["ladder"][0].contains("only"));
  EXPECT_EQ(document["ladder"][1]["rung"], "bandwidth");
  EXPECT_EQ(document["ladder"][1]["only"], true);
  EXPECT_EQ(document["ladder"][1]["added"], document["ladder"][1]["alone"]);
  EXPECT_THAT(run_program(small("ladder", {"--only", "bandwidth"})).output, HasSubstr("\n  only bandwidth "));
}

TEST(LadderCommand, ARunOfOneEffectSaysSo) {
  const ordered_json only = json_of(small("run", {"--json", "--only", "bandwidth"}));
  EXPECT_EQ(only["only"], true);
  EXPECT_FALSE(json_of(small("run", {"--json", "--fidelity", "bandwidth"})).contains("only"));
  EXPECT_THAT(run_program(small("run", {"--only", "bandwidth"})).output, HasSubstr(", only bandwidth\n"));
}

TEST(LadderCommand, UsageErrors) {
  for (const Words& words :
       {Words{"ladder"}, small("ladder", {"--jobs", "0"}), small("ladder", {"--jobs", "many"}),
        small("ladder", {"--fidelity", "ideal"}), small("ladder", {"--all"}), small("ladder", {"--only", "ideal"}),
        small("run", {"--only", "full"}), small("run", {"--only", "dramm"}),
        small("run", {"--only", "bandwidth", "--fidelity", "ideal"})}) {
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors, "");
  }
}

TEST(LadderCommand, ARefusalLeavesNothingBehindAndIsShownOnce) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  const auto outcome =
      run_program(small("ladder", {"--json", "-o", output.string(), "--set", "simulation.levels.GlobalBuffer.size=8"}));
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_EQ(outcome.output, "");
  EXPECT_FALSE(fs::exists(output));
  const std::size_t first = outcome.errors.find("does not fit 'GlobalBuffer'");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(outcome.errors.find("does not fit 'GlobalBuffer'", first + 1), std::string::npos);
  EXPECT_THAT(outcome.errors, HasSubstr("rungs: ideal, bandwidth"));
}

TEST(LadderCommand, ARefusalOnOneRungRefusesTheLadder) {
  // On `ideal` the mesh is unlimited.
  const Words mesh = {"--set", "simulation.pe.mesh=[1, 1]"};
  const auto outcome = run_program(small("ladder", mesh));
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, HasSubstr("rungs: bandwidth"));
  EXPECT_EQ(run_program(small("run", {"--fidelity", "ideal", mesh[0], mesh[1]})).exit_code, 0);
}

TEST(LadderCommand, MissingInput) {
  const auto outcome = run_program({"ladder", "nowhere.yaml"});
  EXPECT_EQ(outcome.exit_code, 66);
  EXPECT_EQ(outcome.output, "");
}

/// The feed-forward layer with so many tokens, values computed.
Words tokens(int number) {
  const std::string p = std::to_string(number);
  return {"ladder",      "preset:fc_fc/fused",
          "preset:edge", "--functional",
          "--set",       "problem.Fc1.instance=0 <= P1 < " + p + " and 0 <= M1 < 512 and 0 <= C1 < 128",
          "--set",       "problem.Fc2.instance=0 <= P2 < " + p + " and 0 <= M2 < 128 and 0 <= C2 < 512"};
}

TEST(LadderCommand, ALimitThatIsReached) {
  const auto outcome = run_program(tokens(8'192));
  EXPECT_EQ(outcome.exit_code, 75);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors,
              ContainsRegex("error: functional mode .*\nnote: on the ladder's rungs: ideal, bandwidth"));
}

/// The program while it climbs a ladder that takes seconds.
class LongLadder {
 public:
  explicit LongLadder(const std::string& folder) : errors_(folder + "/errors") {
    Words words = tokens(3'072);
    words.insert(words.end(), {"--jobs", "64", "-o", folder + "/out"});
    std::string program = program_path().string();
    std::vector<char*> argv = {program.data()};
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (pipe(output_) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      dup2(output_[1], STDOUT_FILENO);
      close(output_[0]);
      close(output_[1]);
      if (std::freopen(errors_.c_str(), "w", stderr) == nullptr) _exit(127);
      execv(program.c_str(), argv.data());
      _exit(127);
    }
    close(output_[1]);
  }
  ~LongLadder() { close(output_[0]); }
  LongLadder(const LongLadder&) = delete;
  LongLadder& operator=(const LongLadder&) = delete;

  pid_t process() const { return process_; }

  /// Its children, once there are that many; fewer if it ends before.
  std::vector<pid_t> wait_for_children(std::size_t number) const {
    std::vector<pid_t> children;
    const std::string id = std::to_string(process_);
    for (int i = 0; i < 5'000 && children.size() < number; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      children.clear();
      std::ifstream list("/proc/" + id + "/task/" + id + "/children");
      for (pid_t child = 0; list >> child;) children.push_back(child);
    }
    return children;
  }

  int exit_code() const {
    int status = 0;
    if (waitpid(process_, &status, 0) != process_) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  /// Whether every process that could write to its standard output ends within 20 seconds, having written nothing.
  bool ends_without_a_word() const {
    pollfd ended{output_[0], POLLIN, 0};
    char byte = 0;
    return poll(&ended, 1, 20'000) == 1 && read(output_[0], &byte, 1) == 0;
  }

  std::string errors() const { return text_of(errors_); }

 private:
  std::string errors_;
  int output_[2] = {-1, -1};
  pid_t process_ = -1;
};

/// Rungs and single effects.
std::size_t simulations() {
  return all_rungs().size() + all_rungs().size() - 2;
}

TEST(LadderCommand, AnInterruptEndsTheChildren) {
  const TemporaryFolder folder;
  const LongLadder ladder(folder.path().string());
  ASSERT_EQ(ladder.wait_for_children(simulations()).size(), simulations()) << ladder.errors();
  kill(ladder.process(), SIGINT);
  EXPECT_EQ(ladder.exit_code(), 130);
  EXPECT_TRUE(ladder.ends_without_a_word());
  EXPECT_FALSE(fs::exists(folder.path() / "out"));
}

TEST(LadderCommand, ASimulationThatDiesIsReported) {
  const TemporaryFolder folder;
  const LongLadder ladder(folder.path().string());
  const std::vector<pid_t> children = ladder.wait_for_children(simulations());
  ASSERT_EQ(children.size(), simulations()) << ladder.errors();
  for (const pid_t child : children) kill(child, SIGKILL);
  EXPECT_EQ(ladder.exit_code(), 75);  // as the system kills where memory is used up
  EXPECT_TRUE(ladder.ends_without_a_word());
  EXPECT_THAT(ladder.errors(), HasSubstr("ended with signal 9"));
  EXPECT_THAT(ladder.errors(), HasSubstr("rungs: ideal, bandwidth"));
  EXPECT_FALSE(fs::exists(folder.path() / "out"));
}

}  // namespace
}  // namespace loopsim
