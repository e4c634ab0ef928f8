// Timelines for Perfetto and Chrome.
#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

using ::nlohmann::ordered_json;
using ::testing::IsEmpty;

std::int64_t sum(const ReadTimeline& timeline, const std::string& track_prefix, const std::string& name_prefix,
                 const std::string& argument) {
  std::int64_t total = 0;
  for (const ReadSlice& slice : timeline.slices) {
    if (slice.track.rfind(track_prefix, 0) != 0 || slice.name.rfind(name_prefix, 0) != 0) continue;
    const auto found = slice.numbers.find(argument);
    if (found != slice.numbers.end()) total += found->second;
  }
  return total;
}

void expect_nesting(const ReadTimeline& timeline) {
  std::map<std::string, std::vector<std::int64_t>> open;
  for (const ReadSlice& slice : timeline.slices) {
    std::vector<std::int64_t>& ends = open[slice.track];
    while (!ends.empty() && ends.back() <= slice.begin_ns) ends.pop_back();
    EXPECT_LE(slice.begin_ns, slice.end_ns);
    if (!ends.empty()) {
      EXPECT_LE(slice.end_ns, ends.back()) << slice.track << " " << slice.name << " " << slice.begin_ns;
    }
    ends.push_back(slice.end_ns);
  }
}

/// Sums over a timeline are the counters of stats.json.
void expect_sums(const ReadTimeline& timeline, const ordered_json& stats) {
  const ordered_json& simulation = stats["simulation"];
  const ordered_json& memory = simulation["levels"]["MainMemory"];
  EXPECT_EQ(sum(timeline, "fill MainMemory", "fill ", "words_read"), memory["reads"]);
  EXPECT_EQ(sum(timeline, "drain GlobalBuffer > MainMemory", "drain ", "words_written"), memory["writes"]);
  EXPECT_EQ(sum(timeline, "", "", "operations"), simulation["macs"]);
  std::int64_t compute = 0;
  for (const auto& stage : simulation["accounting"]) compute += stage["compute"].get<std::int64_t>();
  EXPECT_EQ(sum(timeline, "", "", "compute"), compute);
}

void expect_tiles(const ReadTimeline& timeline, const ordered_json& stats) {
  expect_sums(timeline, stats);
  expect_nesting(timeline);
  const ordered_json& simulation = stats["simulation"];
  for (const auto& stage : simulation["accounting"]) {
    const std::string name = stage["stage"];
    EXPECT_EQ(sum(timeline, "PE array/" + name, "", "compute"), stage["compute"]) << name;
  }
  std::map<std::string, std::int64_t> steps;
  for (const ReadSlice& slice : timeline.slices) {
    if (slice.track.rfind("PE array/", 0) != 0) continue;
    std::int64_t booked = slice.numbers.at("compute");
    for (const auto& [name, cycles] : slice.numbers) booked += name.rfind("stall.", 0) == 0 ? cycles : 0;
    EXPECT_EQ(booked, slice.numbers.at("cycles"));
  }
  for (const ReadSlice& slice : timeline.slices) {
    const auto found = slice.numbers.find("steps");
    if (found != slice.numbers.end()) steps[slice.name] += found->second;
  }
  for (const auto& [name, einsum] : simulation["einsums"].items()) EXPECT_EQ(steps[name], einsum["steps"]) << name;
  std::int64_t most = 0;
  for (const auto& [time, words] : timeline.counters.at("buffers/GlobalBuffer held")) most = std::max(most, words);
  EXPECT_LE(most, simulation["levels"]["GlobalBuffer"]["peak_words"]);
  EXPECT_GT(most, 0);
  EXPECT_EQ(timeline.counters.at("buffers/GlobalBuffer held").back().second, 0);
  EXPECT_THAT(timeline.marks, IsEmpty());
  // An arrow leads from a slice that has ended to one that begins.
  std::map<std::uint64_t, std::int64_t> begun;
  std::size_t arrows = 0;
  for (const ReadSlice& slice : timeline.slices) {
    for (const std::uint64_t flow : slice.flows) {
      const auto [at, is_new] = begun.emplace(flow, slice.end_ns);
      if (is_new) continue;
      ++arrows;
      EXPECT_LE(at->second, slice.begin_ns) << slice.name;
    }
  }
  EXPECT_GT(arrows, 0U);
}

TEST(Traces, TimelinesSumToTheStatistics) {
  for (const std::string& preset : small_presets) {
    for (const std::string rung : {"ideal", "bandwidth", "dram", "glb", "noc"}) {
      SCOPED_TRACE(preset + " " + rung);
      const auto traced = trace(small(preset), rung, {"perfetto", "chrome"});
      const ordered_json stats = traced->stats();
      const ReadTimeline perfetto = read_perfetto(traced->text("trace.pftrace"));
      const ReadTimeline chrome = read_chrome(traced->text("trace.json"));
      expect_tiles(perfetto, stats);
      expect_sums(chrome, stats);
      EXPECT_EQ(perfetto.slices.size(), chrome.slices.size());
      EXPECT_EQ(perfetto.counters, chrome.counters);
    }
  }
}

TEST(Traces, TheLevelLayerHasOneSliceForEachEinsumAndTheSameSums) {
  const auto traced = trace(small("resnet18_block/fused.yaml"), "bandwidth", {"perfetto:layer"});
  const ReadTimeline timeline = read_perfetto(traced->text("trace.pftrace"));
  expect_sums(timeline, traced->stats());
  EXPECT_EQ(std::count_if(timeline.slices.begin(), timeline.slices.end(),
                          [](const ReadSlice& slice) { return slice.track.rfind("einsums/", 0) == 0; }),
            static_cast<std::ptrdiff_t>(traced->stats()["simulation"]["einsums"].size()));
}

TEST(Traces, TheLevelTransferShowsRows) {
  const auto traced = trace(small("resnet18_block/fused.yaml"), "dram", {"perfetto:transfer"});
  const ordered_json stats = traced->stats();
  const ordered_json& dram = stats["simulation"]["dram"];
  const ReadTimeline timeline = read_perfetto(traced->text("trace.pftrace"));
  expect_tiles(timeline, stats);
  EXPECT_EQ(sum(timeline, "DRAM channel", "row", "reads"),
            dram["read_bursts"].get<std::int64_t>() - dram["forwarded_reads"].get<std::int64_t>());
  EXPECT_EQ(sum(timeline, "DRAM channel", "row", "writes"), dram["write_bursts"]);
}

TEST(Traces, TheLevelTransferShowsTheBandwidthOfMainMemory) {
  for (const std::string rung : {"bandwidth", "dram", "noc"}) {
    for (const std::string preset : {"resnet18_block/fused.yaml", "fc_fc/fused.yaml"}) {
      SCOPED_TRACE(preset + " " + rung);
      const auto traced = trace(small(preset), rung, {"perfetto:transfer"});
      const ordered_json stats = traced->stats();
      const ordered_json& dram = stats["simulation"]["dram"];
      const ReadTimeline timeline = read_perfetto(traced->text("trace.pftrace"));
      for (const auto& [counter, bytes] : {std::pair<std::string, ordered_json>{"DRAM read", dram["read_bytes"]},
                                           {"DRAM write", dram["write_bytes"]}}) {
        std::int64_t total = 0;
        for (const auto& [time, megabytes] : timeline.counters.at("DRAM bandwidth/" + counter)) total += megabytes;
        EXPECT_GT(total, 0);
        EXPECT_EQ(total, bytes) << counter;
      }
    }
  }
  const auto ideal = trace(small("fc_fc/fused.yaml"), "ideal", {"perfetto:transfer"});
  EXPECT_EQ(read_perfetto(ideal->text("trace.pftrace")).counters.count("DRAM bandwidth/DRAM read"), 0U);
}

}  // namespace
}  // namespace loopsim
