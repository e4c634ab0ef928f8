// Documented values at their least and their greatest, and a system that has run out of something: what comes of it is
// a right result, or a refusal that names the bound.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "inputs/settings/SimulationKeys.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string good_input() {
  return (source_folder() / "tests/bad_input/good_machine.yaml").string();
}

/// The path with names of that input.
std::string named(const SimulationKey& key, const char* level) {
  std::string path = "simulation." + std::string(key.path);
  const auto replace = [&](const char* part, const char* name) {
    const std::size_t at = path.find(part);
    if (at != std::string::npos) path.replace(at, std::string(part).size(), name);
  };
  replace("levels.NAME", level);
  replace("tensors.NAME", "tensors.Fmap1");
  replace("einsums.NAME", "einsums.Fc1");
  replace("STAGE", "Fc1+Fc2");
  return path;
}

bool is_numeric(const SimulationKey& key) {
  return key.type == SimulationValueType::integer || key.type == SimulationValueType::integer_or_infinity ||
         key.type == SimulationValueType::number || key.type == SimulationValueType::integer_or_infinity_pair;
}

std::string value_text(const SimulationKey& key, std::int64_t value) {
  const std::string number = std::to_string(value);
  return key.type == SimulationValueType::integer_or_infinity_pair ? "[" + number + "," + number + "]" : number;
}

/// A document of JSON has no word for what is not finite but null; sums that overflow are negative.
void expect_sound(const Json& stats, const std::string& of) {
  const Json& simulation = stats.at("simulation");
  std::int64_t cycles = stats.at("estimate").at("cycles");
  EXPECT_GE(cycles, 0) << of;
  for (const Json& entry : stats.at("bridge")) cycles += entry.at("cycles").get<std::int64_t>();
  EXPECT_EQ(simulation.at("cycles"), cycles) << of;
  EXPECT_GT(cycles, 0) << of;
  for (const char* side : {"estimate", "simulation"}) {
    ASSERT_TRUE(stats.at(side).at("energy_pj").is_number()) << of;
    EXPECT_GE(stats.at(side).at("energy_pj").get<double>(), 0) << of;
  }
  for (const Json& stage : simulation.at("accounting")) {
    std::int64_t sum = 0;
    for (const auto& [name, value] : stage.items()) {
      if (!value.is_number_integer()) continue;
      EXPECT_GE(value.get<std::int64_t>(), 0) << of << ": " << name;
      if (name != "total") sum += value.get<std::int64_t>();
    }
    if (!stage.contains("stall")) continue;
    for (const auto& [name, value] : stage.at("stall").items()) sum += value.get<std::int64_t>();
    EXPECT_EQ(sum, cycles) << of;
  }
}

void expect_result_or_refusal(const std::vector<std::string>& settings, const char* rung) {
  std::vector<std::string> arguments = {"run", good_input(), "--json", "--fidelity", rung};
  std::string of = rung;
  for (const std::string& setting : settings) {
    arguments.insert(arguments.end(), {"--set", setting});
    of += " " + setting;
  }
  const auto outcome = run_program(arguments);
  EXPECT_THAT(outcome.exit_code, AnyOf(0, 65, 75)) << of << "\n" << outcome.errors;
  if (outcome.exit_code == 0) {
    expect_sound(Json::parse(outcome.output), of);
  } else {
    EXPECT_EQ(outcome.output, "") << of;
    EXPECT_THAT(outcome.errors, HasSubstr("error: ")) << of;
  }
}

/// Every numeric key at both ends, beside other settings.
void try_all_keys(const std::vector<std::string>& beside, const char* rung) {
  int tried = 0;
  for (const SimulationKey& key : simulation_keys()) {
    if (!is_numeric(key)) continue;
    for (const char* level : {"MainMemory", "GlobalBuffer"}) {
      const std::string path = named(key, level);
      if (key.path.find("levels.") != 0 && std::string(level) != "GlobalBuffer") continue;
      for (const std::int64_t value : {key.least, key.most}) {
        std::vector<std::string> settings = beside;
        settings.push_back(path + "=" + value_text(key, value));
        expect_result_or_refusal(settings, rung);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 90);
}

TEST(Limits, EveryKeyAtBothEndsOnTheRungBandwidth) {
  try_all_keys({}, "bandwidth");
}

TEST(Limits, EveryKeyAtBothEndsOnTheRungDram) {
  try_all_keys({}, "dram");
}

TEST(Limits, EveryKeyAtBothEndsBesideTheSlowestClock) {
  try_all_keys({"simulation.clock=1"}, "bandwidth");
}

TEST(Limits, EveryKeyAtBothEndsBesideTheFastestClock) {
  try_all_keys({"simulation.clock=1000000000000"}, "bandwidth");
}

TEST(Limits, TimeEndsWithAWordAndNotFromTheBeginningAgain) {
  const std::string fused = (source_folder() / "docs/examples/fused.yaml").string();
  const std::string overhead = "simulation.levels.DRAM.transfer_overhead=2000000";
  const auto fast = run_program({"run", fused, "--json", "--set", overhead});
  ASSERT_EQ(fast.exit_code, 0) << fast.errors;
  EXPECT_EQ(Json::parse(fast.output).at("simulation").at("cycles"), 36'005'903);
  const auto slow = run_program({"run", fused, "--json", "--set", overhead, "--set", "simulation.clock=1"});
  EXPECT_EQ(slow.exit_code, 75);
  EXPECT_THAT(slow.errors, HasSubstr("the simulated time exceeds 2^63 - 1 ps"));
  const auto never =
      run_program({"run", fused, "--set", "simulation.levels.DRAM.latency=10000000", "--set", "simulation.clock=1"});
  EXPECT_EQ(never.exit_code, 65);
  EXPECT_THAT(never.errors, HasSubstr("expected at most 9223372 at a clock of 1 Hz"));
}

TEST(Limits, AnArchitecturesAttributesHaveBounds) {
  const TemporaryFolder folder;
  const auto with = [&](const std::string& attributes) {
    const std::string file =
        folder.write("machine.yaml",
                     "architecture:\n  nodes:\n"
                     "  - !Component {name: M, class: DRAM, attributes: {width: 64, datawidth: 8}}\n"
                     "  - !Component {name: B, class: SRAM, attributes: {" +
                         attributes + "}}\n  - !Component {name: C, class: intmac, attributes: {datawidth: 8}}\n");
    const auto outcome = run_program({"run", (source_folder() / "tests/bad_input/good.yaml").string(), file, "--json"});
    EXPECT_THAT(outcome.exit_code, AnyOf(0, 65, 75)) << attributes << "\n" << outcome.errors;
    if (outcome.exit_code == 0) expect_sound(Json::parse(outcome.output), attributes);
    return outcome.exit_code;
  };
  EXPECT_EQ(with("datawidth: 8, width: 64"), 0);
  for (const char* attribute :
       {"datawidth", "width", "block_size", "depth", "entries", "sizeKB", "size", "n_rdwr_ports", "read_bandwidth",
        "write_bandwidth", "shared_bandwidth", "latency", "meshX"}) {
    const std::string before = std::string(attribute) == "datawidth" ? "" : "datawidth: 8, ";
    for (const char* value : {"1", "1e9", "1e18", "9223372036854775807"}) with(before + attribute + ": " + value);
  }
  EXPECT_EQ(with("datawidth: 1 B, size: 64 KiB, cycle_time: 2 ns"), 0);
}

/// Limits of the system that the program has run into name themselves, and it ends with 75.
TEST(Limits, WithoutOpenFilesOrMemoryItSaysSo) {
  // One file at a time is enough to run, beside those that the process was given; a child needs a pipe.
  rlim_t files = 4;
  while (files < 64 && run_program_within(RLIMIT_NOFILE, files, {"run", good_input()}).exit_code != 0) ++files;
  const auto no_files = run_program_within(RLIMIT_NOFILE, files, {"ladder", good_input()});
  EXPECT_EQ(no_files.exit_code, 75);
  EXPECT_THAT(no_files.errors, HasSubstr("open files (ulimit -n: " + std::to_string(files) + ")"));
  // As much as it takes to begin.
  rlim_t begin = 1 << 20;
  while (begin < (rlim_t(1) << 34) && run_program_within(RLIMIT_AS, begin, {"--version"}).exit_code != 0) {
    begin += 1 << 20;
  }
  const std::vector<std::string> large = {"run", "preset:vgge_front/layers", "preset:large", "--fidelity", "full"};
  bool reached = false;
  for (rlim_t more = 0; more < 16; ++more) {
    const auto outcome = run_program_within(RLIMIT_AS, begin + (more << 20), large);
    EXPECT_THAT(outcome.exit_code, AnyOf(0, 75)) << outcome.errors;
    if (outcome.exit_code != 75) continue;
    reached = true;
    EXPECT_THAT(outcome.errors, HasSubstr("out of memory (ulimit -v: "));
    EXPECT_EQ(outcome.output, "");
  }
  EXPECT_TRUE(reached);
}

TEST(Limits, FewOpenFilesMakeALadderSlowerAndNothingElse) {
  const auto usual = run_program({"ladder", good_input(), "--json"});
  ASSERT_EQ(usual.exit_code, 0) << usual.errors;
  const auto few = run_program_within(RLIMIT_NOFILE, 8, {"ladder", good_input(), "--json", "-j", "1000"});
  EXPECT_EQ(few.exit_code, 0) << few.errors;
  EXPECT_EQ(few.output, usual.output);
}

TEST(Limits, AFullDeviceIsALimit) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "out").string();
  const auto outcome = run_program_within(RLIMIT_FSIZE, 512, {"run", good_input(), "-o", output});
  EXPECT_EQ(outcome.exit_code, 75);
  const auto traced = run_program_within(RLIMIT_FSIZE, 512, {"run", good_input(), "-o", output, "--trace", "perfetto"});
  EXPECT_EQ(traced.exit_code, 75) << traced.errors;
}

TEST(Limits, CheckRefusesWhatARunRefuses) {
  const std::string meshed = (source_folder() / "docs/examples/fused.yaml").string();
  struct Refused {
    std::string input;
    const char* rung;
    std::vector<std::string> settings;
  };
  const std::vector<Refused> all = {
      {good_input(), "dram", {"simulation.dram.mapping=row:bank"}},
      {good_input(), "noc", {"simulation.dram.mapping=nonsense"}},
      {meshed, "bandwidth", {"simulation.pe.mesh=[1,1]"}},
      {good_input(), "ideal", {"simulation.levels.GlobalBuffer.size=8"}},
      {good_input(), "glb", {"simulation.levels.GlobalBuffer.banks=4", "simulation.tensors.Fmap1.layout=XYZ"}},
  };
  for (const Refused& refused : all) {
    std::vector<std::string> inputs = {refused.input, "--fidelity", refused.rung};
    for (const std::string& setting : refused.settings) inputs.insert(inputs.end(), {"--set", setting});
    std::vector<std::string> run = {"run"}, check = {"check"};
    run.insert(run.end(), inputs.begin(), inputs.end());
    check.insert(check.end(), inputs.begin(), inputs.end());
    const auto ran = run_program(run);
    const auto checked = run_program(check);
    EXPECT_EQ(ran.exit_code, 65) << refused.settings.front() << ran.output;
    EXPECT_EQ(checked.exit_code, 65) << refused.settings.front() << checked.output;
    EXPECT_EQ(checked.errors, ran.errors);
  }
  // What a rung does not model it does not refuse.
  const auto below =
      run_program({"check", good_input(), "--fidelity", "bandwidth", "--set", "simulation.dram.mapping=nonsense"});
  EXPECT_EQ(below.exit_code, 0) << below.errors;
}

}  // namespace
}  // namespace loopsim
