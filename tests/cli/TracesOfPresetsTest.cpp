// Every kind of trace of every preset's scaled-down twin, read by something else than what wrote it.

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/TestPaths.hpp"
#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;

std::vector<std::string> twins() {
  const fs::path folder = source_folder() / "tests/presets_small";
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().parent_path() == folder) continue;
    names.push_back(fs::relative(entry.path(), folder));
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool installed(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

class TracesOfPresets : public ::testing::TestWithParam<std::string> {};

TEST_P(TracesOfPresets, AreReadAndSumToTheStatistics) {
  const auto traced = trace(
      small(GetParam()), "noc",
      {"perfetto:transfer", "chrome:transfer", "vcd", "dram:dramsim3,ramulator,dramsys,commands", "scalesim", "noc"});
  const ordered_json simulation = traced->stats()["simulation"];
  const ReadTimeline perfetto = read_perfetto(traced->text("trace.pftrace"));
  const ReadTimeline chrome = read_chrome(traced->text("trace.json"));
  EXPECT_EQ(perfetto.slices.size(), chrome.slices.size());
  EXPECT_EQ(perfetto.counters, chrome.counters);
  std::int64_t operations = 0, compute = 0, booked = 0;
  for (const ReadSlice& slice : perfetto.slices) {
    if (slice.track.rfind("PE array/", 0) != 0) continue;
    operations += slice.numbers.at("operations");
    compute += slice.numbers.at("compute");
  }
  for (const auto& stage : simulation["accounting"]) booked += stage["compute"].get<std::int64_t>();
  EXPECT_EQ(operations, simulation["macs"]);
  EXPECT_EQ(compute, booked);

  const ordered_json& dram = simulation["dram"];
  const ReadWaves waves = read_vcd(traced->text("trace.vcd"));
  EXPECT_EQ(waves.waves.at("loopsim.dram_channel_0.reads").back().second, dram["read_bursts"]);
  for (const char* name : {"dram.dramsim3.trace", "dram.ramulator.trace"}) {
    const auto again = run_program({"dram", "--json", "--trace", (traced->folder.path() / name).string()});
    ASSERT_EQ(again.exit_code, 0) << again.errors;
    EXPECT_EQ(ordered_json::parse(again.output)["reads"], dram["read_bursts"]);
    EXPECT_EQ(ordered_json::parse(again.output)["writes"], dram["write_bursts"]);
  }
  const std::string stl = traced->text("dram.stl");
  EXPECT_EQ(std::count(stl.begin(), stl.end(), '\n') - 1,
            dram["read_bursts"].get<std::int64_t>() + dram["write_bursts"].get<std::int64_t>());

  std::int64_t bursts = 0, words = 0, expected_words = 0;
  for (const auto& entry : fs::directory_iterator(traced->folder.path())) {
    const std::string name = entry.path().filename();
    const bool reads_of_array = name.find("_SRAM_READ_") != std::string::npos;
    const bool of_memory = name.find("_DRAM_") != std::string::npos && name.find("_TRACE.csv") != std::string::npos;
    if (!reads_of_array && !of_memory) continue;
    for (const auto& row : read_rows(traced->text(name))) {
      if (of_memory) ++bursts;
      if (reads_of_array) words += static_cast<std::int64_t>(row.size()) - 1;
    }
  }
  EXPECT_EQ(bursts, dram["read_bursts"].get<std::int64_t>() + dram["write_bursts"].get<std::int64_t>());
  expected_words = simulation["levels"]["GlobalBuffer"]["reads"];
  for (const ReadSlice& slice : perfetto.slices) {
    const auto moved = slice.numbers.find("words_read");
    if (moved == slice.numbers.end()) continue;
    const std::string route = slice.track.substr(0, slice.track.find(" > "));
    if (route.find("GlobalBuffer") != std::string::npos) expected_words -= moved->second;
  }
  EXPECT_EQ(words, expected_words);

  std::int64_t packets = 0;
  const auto rows = read_rows(traced->text("noc_packets.csv"));
  for (std::size_t i = 1; i < rows.size(); ++i) packets += std::stoll(rows[i].at(1));
  EXPECT_EQ(packets, simulation["noc"]["packets"]);
}

TEST_P(TracesOfPresets, AreDecodedByProtoc) {
  if (!installed("protoc")) GTEST_SKIP() << "protoc is not installed";
  const auto traced = trace(small(GetParam()), "noc", {"perfetto:transfer"});
  const fs::path schemas = source_folder() / "tests/cli";
  const std::string decode = "protoc -I '" + schemas.string() + "' --decode subset.Trace perfetto_subset.proto < '" +
                             (traced->folder.path() / "trace.pftrace").string() + "' > '" +
                             (traced->folder.path() / "decoded").string() + "'";
  ASSERT_EQ(std::system(decode.c_str()), 0);
  const ReadTimeline timeline = read_perfetto(traced->text("trace.pftrace"));
  std::size_t begun = 0, ended = 0, counted = 0, flows = 0, samples = 0, arrows = 0;
  std::istringstream lines(traced->text("decoded"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find_first_not_of(' ');
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(std::isdigit(static_cast<unsigned char>(line[first])), 0) << "unknown field: " << line;
    begun += line.find("type: TYPE_SLICE_BEGIN") != std::string::npos ? 1 : 0;
    ended += line.find("type: TYPE_SLICE_END") != std::string::npos ? 1 : 0;
    counted += line.find("type: TYPE_COUNTER") != std::string::npos ? 1 : 0;
    flows += line.find("flow_ids: ") != std::string::npos ? 1 : 0;
  }
  for (const auto& [name, counter] : timeline.counters) samples += counter.size();
  for (const ReadSlice& slice : timeline.slices) arrows += slice.flows.size();
  EXPECT_GT(begun, 0U);
  EXPECT_EQ(begun, timeline.slices.size());
  EXPECT_EQ(ended, begun);
  EXPECT_EQ(counted, samples);
  EXPECT_EQ(flows, arrows);
}

TEST_P(TracesOfPresets, GoThroughVcd2fstUnchanged) {
  if (!installed("vcd2fst") || !installed("fst2vcd")) GTEST_SKIP() << "gtkwave is not installed";
  const auto traced = trace(small(GetParam()), "noc", {"vcd"});
  const std::string folder = "cd '" + traced->folder.path().string() + "' && ";
  ASSERT_EQ(std::system((folder + "vcd2fst trace.vcd trace.fst > /dev/null").c_str()), 0);
  ASSERT_EQ(std::system((folder + "fst2vcd trace.fst > again.vcd 2> /dev/null").c_str()), 0);
  const ReadWaves before = read_vcd(traced->text("trace.vcd"));
  const ReadWaves after = read_vcd(traced->text("again.vcd"));
  EXPECT_FALSE(before.waves.empty());
  EXPECT_EQ(after.waves, before.waves);
}

INSTANTIATE_TEST_SUITE_P(All, TracesOfPresets, ::testing::ValuesIn(twins()), [](const auto& tried) {
  std::string name = fs::path(tried.param).replace_extension();
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

}  // namespace
}  // namespace loopsim
