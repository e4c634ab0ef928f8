#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;
using ::testing::HasSubstr;

/// Words by tensor.
struct Accesses {
  std::map<std::string, std::int64_t> reads;
  std::map<std::string, std::int64_t> writes;
};

Accesses of_trace(const Traced& traced) {
  Accesses accesses;
  std::map<std::string, std::int64_t> words;
  const auto map = read_rows(traced.text("sram_map.csv"));
  for (std::size_t t = 1; t < map.size(); ++t) words[map[t][0]] = std::stoll(map[t][1]);
  for (const auto& [tensor, count] : words) {
    for (const bool write : {false, true}) {
      const std::string name = tensor + (write ? "_SRAM_WRITE_TRACE.csv" : "_SRAM_READ_TRACE.csv");
      if (!traced.has(name)) continue;
      for (const auto& row : read_rows(traced.text(name))) {
        EXPECT_GT(row.size(), 1U);
        (write ? accesses.writes : accesses.reads)[tensor] += static_cast<std::int64_t>(row.size()) - 1;
        for (std::size_t i = 1; i < row.size(); ++i) {
          EXPECT_GE(std::stoll(row[i]), 0);
          EXPECT_LT(std::stoll(row[i]), count);
        }
      }
    }
  }
  return accesses;
}

/// What moves between the memories takes from the buffer and puts there besides.
void add_moves(const ReadTimeline& timeline, Accesses& accesses) {
  for (const ReadSlice& slice : timeline.slices) {
    if (slice.texts.count("tensor") == 0) continue;
    const std::string route = slice.track.substr(0, slice.track.find('/'));
    const std::size_t arrow = route.find(" > ");
    const bool from = route.substr(0, arrow).find("GlobalBuffer") != std::string::npos;
    const bool to = route.find("GlobalBuffer", arrow) != std::string::npos;
    if (from) accesses.reads[slice.texts.at("tensor")] += slice.numbers.at("words_read");
    if (to) accesses.writes[slice.texts.at("tensor")] += slice.numbers.at("words_written");
  }
}

TEST(SramTrace, WithTheMovesSumsToTheAccessesOfTheBuffer) {
  for (const std::string& preset : small_presets) {
    for (const char* rung : {"ideal", "bandwidth", "noc"}) {
      SCOPED_TRACE(preset + " " + rung);
      const auto traced = trace(small(preset), rung, {"scalesim:sram", "perfetto"});
      Accesses accesses = of_trace(*traced);
      EXPECT_FALSE(accesses.reads.empty());
      add_moves(read_perfetto(traced->text("trace.pftrace")), accesses);
      Accesses expected;
      const ordered_json stats = traced->stats();
      for (const auto& entry : stats["simulation"]["accesses"]) {
        if (entry["level"] != 1) continue;
        const std::string tensor = entry["tensor"];
        if (entry["reads"] != 0) expected.reads[tensor] += entry["reads"].get<std::int64_t>();
        if (entry["writes"] != 0) expected.writes[tensor] += entry["writes"].get<std::int64_t>();
      }
      EXPECT_EQ(accesses.reads, expected.reads);
      EXPECT_EQ(accesses.writes, expected.writes);
    }
  }
}

TEST(SramTrace, RowsAreStepsOfTheirOperations) {
  const auto traced = trace(small("fc_fc/fused.yaml"), "bandwidth", {"scalesim:sram", "perfetto"});
  // Cycles in which the array works.
  std::vector<std::pair<std::int64_t, std::int64_t>> busy;
  for (const ReadSlice& slice : read_perfetto(traced->text("trace.pftrace")).slices) {
    if (slice.track.rfind("PE array/", 0) != 0) continue;
    busy.emplace_back(slice.numbers.at("cycle"), slice.numbers.at("cycle") + slice.numbers.at("cycles"));
  }
  for (const char* name : {"Fmap1_SRAM_READ_TRACE.csv", "Filter1_SRAM_READ_TRACE.csv", "Fmap2_SRAM_WRITE_TRACE.csv"}) {
    std::int64_t before = -1;
    for (const auto& row : read_rows(traced->text(name))) {
      const std::int64_t cycle = std::stoll(row.at(0));
      EXPECT_GT(cycle, before);
      before = cycle;
      EXPECT_TRUE(std::any_of(busy.begin(), busy.end(),
                              [&](const auto& span) { return span.first <= cycle && cycle < span.second; }))
          << name << " " << cycle;
    }
  }
}

TEST(SramTrace, AWindowHasTheRowsInIt) {
  const std::string workload = small("resnet18_block/fused.yaml");
  const auto whole = trace(workload, "bandwidth", {"scalesim:sram"});
  const std::int64_t cycles = whole->stats()["simulation"]["cycles"];
  const std::int64_t from = cycles / 3, to = cycles / 2;
  const auto part = trace(workload, "bandwidth", {"scalesim:sram"},
                          {"--trace-window", std::to_string(from) + ":" + std::to_string(to)});
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(whole->folder.path())) {
    const std::string name = entry.path().filename();
    if (name.find("_SRAM_") == std::string::npos) continue;
    std::string expected;
    std::istringstream lines(whole->text(name));
    for (std::string line; std::getline(lines, line);) {
      const std::int64_t cycle = std::stoll(line);
      if (from <= cycle && cycle < to) expected += line + "\n";
    }
    EXPECT_EQ(part->has(name) ? part->text(name) : "", expected) << name;
    files += expected.empty() ? 0 : 1;
  }
  EXPECT_GT(files, 3U);
}

TEST(SramTrace, TheOtherHalfNeedsAddressesOfMainMemory) {
  const TemporaryFolder folder;
  const auto outcome = run_program({"run", small("fc_fc/fused.yaml"), small("edge.yaml"), "--fidelity", "bandwidth",
                                    "-o", (folder.path() / "out").string(), "--trace", "scalesim"});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.errors, HasSubstr("the trace 'scalesim:dram' needs the rung 'dram' or a higher one"));
  const auto both = trace(small("fc_fc/fused.yaml"), "dram", {"scalesim"});
  EXPECT_TRUE(both->has("Fmap1_SRAM_READ_TRACE.csv"));
  EXPECT_TRUE(both->has("Fmap1_DRAM_READ_TRACE.csv"));
  EXPECT_FALSE(trace(small("fc_fc/fused.yaml"), "dram", {"scalesim:dram"})->has("Fmap1_SRAM_READ_TRACE.csv"));
}

}  // namespace
}  // namespace loopsim
