// Value changes for waveform viewers.
#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;
using ::testing::HasSubstr;

std::int64_t value_at(const ReadWave& wave, std::int64_t time) {
  std::int64_t value = 0;
  for (const auto& [changed, next] : wave) {
    if (changed > time) break;
    value = next;
  }
  return value;
}

/// An array starts what was valid when it was ready, and is ready when it is not busy.
/// Adds the arrays at which something was valid and had to wait.
void expect_handshakes(const ReadWaves& waves, std::size_t& seen) {
  const std::string busy_name = ".busy";
  for (const auto& [name, busy] : waves.waves) {
    if (name.find(busy_name) == std::string::npos) continue;
    const std::string array = name.substr(0, name.size() - busy_name.size());
    const ReadWave& ready = waves.waves.at(array + ".start_ready");
    const ReadWave& admitted = waves.waves.at(array + ".admitted");
    const ReadWave& valid = waves.waves.at(array + ".start_valid");
    for (const auto& [time, value] : busy) EXPECT_EQ(value_at(ready, time), 1 - value) << name << " " << time;
    for (const auto& [time, value] : valid) {
      if (value == 1) {
        EXPECT_GT(value_at(admitted, time), 0) << name << " " << time;
      }
    }
    EXPECT_EQ(admitted.back().second, 0);
    EXPECT_EQ(valid.back().second, 0);
    EXPECT_EQ(ready.back().second, 1);
    seen += valid.size() > 1 ? 1 : 0;
  }
}

TEST(Traces, WaveformsAreConvertedOnRequest) {
  const std::string preset = small("fc_fc/fused.yaml");
  const TemporaryFolder folder;
  const auto missing =
      run_program({"run", preset, small("edge.yaml"), "-o", (folder.path() / "out").string(), "--trace", "vcd:fst"},
                  {{"PATH", "/nonexistent"}});
  EXPECT_EQ(missing.exit_code, 65);
  EXPECT_THAT(missing.errors, HasSubstr("needs the program vcd2fst (Debian's package gtkwave)"));
  if (std::system("command -v fst2vcd > /dev/null 2>&1") != 0) GTEST_SKIP() << "gtkwave is not installed";
  const auto plain = trace(preset, "dram", {"vcd"});
  const auto converted = trace(preset, "dram", {"vcd:fst"});
  EXPECT_FALSE(converted->has("trace.vcd"));
  EXPECT_THAT(converted->text("trace.gtkw"), HasSubstr("[dumpfile] \"trace.fst\""));
  const fs::path again = converted->folder.path() / "again.vcd";
  const fs::path fst = converted->folder.path() / "trace.fst";
  ASSERT_EQ(std::system(("fst2vcd '" + fst.string() + "' > '" + again.string() + "' 2> /dev/null").c_str()), 0);
  EXPECT_EQ(read_vcd(text_of(again)).waves, read_vcd(plain->text("trace.vcd")).waves);
}

TEST(Traces, WaveformsAreThereInBothFormatsIfBothAreAskedFor) {
  if (std::system("command -v vcd2fst > /dev/null 2>&1") != 0) GTEST_SKIP() << "gtkwave is not installed";
  const std::string preset = small("resnet18_block/fused.yaml");
  const auto plain = trace(preset, "dram", {"vcd"});
  for (const auto& kinds : {std::vector<std::string>{"vcd", "vcd:fst"}, std::vector<std::string>{"vcd:fst", "vcd"}}) {
    const auto both = trace(preset, "dram", kinds);
    EXPECT_EQ(both->text("trace.vcd"), plain->text("trace.vcd"));
    EXPECT_TRUE(both->has("trace.fst"));
  }
}

TEST(Traces, WaveformsEndWithTheStatistics) {
  std::size_t waiting_arrays = 0;
  for (const std::string& preset : small_presets) {
    SCOPED_TRACE(preset);
    const auto traced = trace(small(preset), "dram", {"vcd"});
    const ordered_json stats = traced->stats();
    const ReadWaves waves = read_vcd(traced->text("trace.vcd"));
    std::int64_t operations = 0, busy = 0;
    std::map<std::string, std::int64_t> last;
    for (const auto& [name, wave] : waves.waves) {
      for (std::size_t i = 1; i < wave.size(); ++i) EXPECT_NE(wave[i].second, wave[i - 1].second) << name;
      last[name] = wave.back().second;
      if (name.find("operations_done") != std::string::npos) operations += wave.back().second;
      if (name.find(".busy") == std::string::npos) continue;
      for (std::size_t i = 0; i + 1 < wave.size(); ++i) busy += wave[i].second * (wave[i + 1].first - wave[i].first);
    }
    EXPECT_EQ(operations, stats["simulation"]["macs"]);
    std::int64_t compute = 0;
    for (const auto& stage : stats["simulation"]["accounting"]) compute += stage["compute"].get<std::int64_t>();
    EXPECT_GE(busy, compute * 1000);  // and waits of its steps; 1 GHz
    EXPECT_EQ(last["loopsim.fill_MainMemory_to_GlobalBuffer.outstanding"], 0);
    EXPECT_GT(last["loopsim.fill_MainMemory_to_GlobalBuffer.submitted"], 0);
    EXPECT_EQ(last["loopsim.fill_MainMemory_to_GlobalBuffer.submitted"],
              last["loopsim.fill_MainMemory_to_GlobalBuffer.completed"]);
    EXPECT_EQ(last["loopsim.dram_channel_0.reads"], stats["simulation"]["dram"]["read_bursts"]);
    EXPECT_EQ(last["loopsim.dram_channel_0.writes"], stats["simulation"]["dram"]["write_bursts"]);
    expect_handshakes(waves, waiting_arrays);
    // Requests that have waited have gone, and no row was opened without a command.
    std::int64_t most = 0, opened = 0;
    for (const auto& [time, requests] : waves.waves.at("loopsim.dram_channel_0.queue")) most = std::max(most, requests);
    EXPECT_GT(most, 0);
    EXPECT_LE(most, 64);
    EXPECT_EQ(last["loopsim.dram_channel_0.queue"], 0);
    for (const auto& [name, wave] : waves.waves) {
      if (name.find("_open") == std::string::npos) continue;
      for (const auto& [time, open] : wave) opened += open;
    }
    EXPECT_GT(opened, 0);
    EXPECT_LE(opened, stats["simulation"]["dram"]["commands"]["ACT"]);
    // The view names signals that there are.
    std::istringstream view(traced->text("trace.gtkw"));
    std::size_t shown = 0;
    for (std::string line; std::getline(view, line);) {
      if (line.rfind("loopsim.", 0) != 0) continue;
      EXPECT_EQ(waves.waves.count(line.substr(0, line.find('['))), 1U) << line;
      ++shown;
    }
    EXPECT_EQ(shown, waves.waves.size());
  }
  EXPECT_GT(waiting_arrays, small_presets.size() / 2);
}

}  // namespace
}  // namespace loopsim
