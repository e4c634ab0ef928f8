#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TraceReaders.hpp"
#include "tests/cli/TracedRun.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using ::nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
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

TEST(Traces, DramRequestsFedBackAreTheSame) {
  for (const std::string& preset : small_presets) {
    SCOPED_TRACE(preset);
    const auto traced = trace(small(preset), "dram", {"dram:dramsim3,ramulator,dramsys,commands", "scalesim"});
    const ordered_json dram = traced->stats()["simulation"]["dram"];
    const std::int64_t reads = dram["read_bursts"], writes = dram["write_bursts"];
    for (const char* name : {"dram.dramsim3.trace", "dram.ramulator.trace"}) {
      const auto again = run_program({"dram", "--json", "--trace", (traced->folder.path() / name).string()});
      ASSERT_EQ(again.exit_code, 0) << again.errors;
      const auto document = ordered_json::parse(again.output);
      EXPECT_EQ(document["reads"], reads);
      EXPECT_EQ(document["writes"], writes);
      // There, reads served from the queue of writes are none of the bytes.
      const std::int64_t forwarded = document["forwarded_reads"];
      EXPECT_EQ(document["bytes"].get<std::int64_t>() + forwarded * 64, dram["bytes"]);
    }
    // DRAMSys: "cycle: read 0xADDRESS", in order.
    std::istringstream stl(traced->text("dram.stl"));
    std::int64_t stl_reads = 0, stl_writes = 0, before = 0;
    for (std::string line; std::getline(stl, line);) {
      if (line[0] == '#') continue;
      std::istringstream words(line);
      std::int64_t cycle = -1;
      char colon = 0;
      std::string operation, address;
      words >> cycle >> colon >> operation >> address;
      EXPECT_GE(cycle, before);
      before = cycle;
      EXPECT_EQ(colon, ':');
      EXPECT_EQ(address.rfind("0x", 0), 0U);
      (operation == "read" ? stl_reads : stl_writes) += 1;
      EXPECT_THAT(operation, ::testing::AnyOf("read", "write"));
    }
    EXPECT_EQ(stl_reads, reads);
    EXPECT_EQ(stl_writes, writes);

    std::map<std::string, std::int64_t> commands;
    const auto rows = read_rows(traced->text("dram_commands.csv"));
    for (std::size_t i = 1; i < rows.size(); ++i) ++commands[rows[i].at(2)];
    for (const auto& [name, count] : dram["commands"].items()) EXPECT_EQ(commands[name], count) << name;
    EXPECT_EQ(commands.size(), dram["commands"].size());

    // A row of words for each burst; no word is asked for that the tensor does not have.
    std::map<bool, std::int64_t> bursts;
    const auto tensors = read_rows(traced->text("dram_map.csv"));
    for (std::size_t t = 1; t < tensors.size(); ++t) {
      const std::int64_t words = std::stoll(tensors[t][4]);
      for (const bool write : {false, true}) {
        const std::string name = tensors[t][0] + (write ? "_DRAM_WRITE_TRACE.csv" : "_DRAM_READ_TRACE.csv");
        if (!traced->has(name)) continue;
        for (const auto& row : read_rows(traced->text(name))) {
          ++bursts[write];
          EXPECT_EQ(row.size(), 1 + 64 / (std::stoull(tensors[t][3]) / 8));
          for (std::size_t i = 1; i < row.size(); ++i) EXPECT_LT(std::stoll(row[i]), words);
        }
      }
    }
    EXPECT_EQ(bursts[false], reads);
    EXPECT_EQ(bursts[true], writes);
  }
}

TEST(Traces, TensorsLieApartInTheAddressMap) {
  const auto traced = trace(small("resnet18_block/fused.yaml"), "dram", {"dram"});
  const auto rows = read_rows(traced->text("dram_map.csv"));
  EXPECT_THAT(rows.at(0), ElementsAre("tensor", "first_byte", "bytes", "word_bits", "words", "dimensions", "low",
                                      "extent", "stride_words"));
  ASSERT_GT(rows.size(), 2U);
  std::uint64_t end = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_GE(std::stoull(rows[i][1]), end);
    end = std::stoull(rows[i][1]) + std::stoull(rows[i][2]);
  }
  std::istringstream requests(traced->text("dram.dramsim3.trace"));
  std::string address, operation;
  for (std::int64_t cycle = 0; requests >> address >> operation >> cycle;) {
    EXPECT_LT(std::stoull(address, nullptr, 16), end);
  }
}

TEST(Traces, EveryWordOfATensorIsAskedFor) {
  for (const std::string preset : {"fc_fc/fused.yaml", "resnet18_block/fused.yaml"}) {
    SCOPED_TRACE(preset);
    const auto traced = trace(small(preset), "dram", {"scalesim", "dram"});
    const ordered_json stats = traced->stats();
    const auto tensors = read_rows(traced->text("dram_map.csv"));
    std::multiset<std::uint64_t> expected;  // addresses of bursts
    for (std::size_t t = 1; t < tensors.size(); ++t) {
      std::set<std::string> words;
      for (const char* end : {"_DRAM_READ_TRACE.csv", "_DRAM_WRITE_TRACE.csv"}) {
        if (!traced->has(tensors[t][0] + end)) continue;
        for (const auto& row : read_rows(traced->text(tensors[t][0] + end))) {
          words.insert(row.begin() + 1, row.end());
          expected.insert((std::stoull(tensors[t][1]) + std::stoull(row.at(1))) / 64 * 64);  // words of a byte
        }
      }
      words.erase("-1");
      EXPECT_EQ(words.size(), stats["simulation"]["tensors"][tensors[t][0]]["words"]) << tensors[t][0];
    }
    std::multiset<std::uint64_t> asked;
    std::istringstream requests(traced->text("dram.dramsim3.trace"));
    std::string address, operation;
    for (std::int64_t cycle = 0; requests >> address >> operation >> cycle;) {
      asked.insert(std::stoull(address, nullptr, 16));
    }
    EXPECT_EQ(asked, expected);
  }
}

TEST(Traces, AWindowHasWhatHappensInIt) {
  const std::string workload = small("resnet18_block/fused.yaml");
  const auto all = trace(workload, "dram", {"perfetto", "vcd", "dram:dramsys"});
  const std::int64_t cycles = all->stats()["simulation"]["cycles"];
  const std::int64_t from = cycles / 4, to = cycles / 2;
  const auto part = trace(workload, "dram", {"perfetto", "vcd", "dram:dramsys"},
                          {"--trace-window", std::to_string(from) + ":" + std::to_string(to)});
  const ReadTimeline whole = read_perfetto(all->text("trace.pftrace"));
  const ReadTimeline window = read_perfetto(part->text("trace.pftrace"));
  std::size_t expected = 0;
  for (const ReadSlice& slice : whole.slices) {
    const std::int64_t begin = slice.numbers.at("cycle"), end = begin + slice.numbers.at("cycles");
    expected += begin < to && (end > from || begin >= from) ? 1 : 0;
  }
  EXPECT_EQ(window.slices.size(), expected);
  EXPECT_GT(expected, 0U);
  EXPECT_LT(expected, whole.slices.size());

  // Waves show the same values at every moment of the window.
  const ReadWaves whole_waves = read_vcd(all->text("trace.vcd"));
  const ReadWaves window_waves = read_vcd(part->text("trace.vcd"));
  for (const auto& [name, wave] : whole_waves.waves) {
    ReadWave cut;
    for (const auto& [time, value] : wave) {
      if (time >= to * 1000) break;
      if (time <= from * 1000) cut.clear();
      cut.emplace_back(std::max(time, from * 1000), value);
    }
    EXPECT_EQ(window_waves.waves.at(name), cut) << name;
  }

  // Requests are a piece of all requests.
  const auto requests = [](const std::string& text) { return text.substr(text.find('\n') + 1); };
  const std::string inside = requests(part->text("dram.stl"));
  EXPECT_FALSE(inside.empty());
  EXPECT_THAT(requests(all->text("dram.stl")), HasSubstr(inside));
}

TEST(Traces, ChangeNothingOfTheResult) {
  const std::string workload = small("mobilenetv2_block/fused.yaml");
  const auto with = trace(workload, "dram", {"perfetto:transfer", "vcd", "dram", "scalesim"});
  const auto again = trace(workload, "dram", {"perfetto:transfer", "vcd", "dram", "scalesim"});
  const auto without = trace(workload, "dram", {});
  EXPECT_EQ(with->text("stats.json"), without->text("stats.json"));
  for (const char* name : {"trace.pftrace", "trace.vcd", "dram.dramsim3.trace", "dram_map.csv"}) {
    EXPECT_EQ(with->text(name), again->text(name)) << name;
    EXPECT_NE(with->text(name), "") << name;
  }
}

TEST(Traces, ASizeLimitEndsAFileWithAWarning) {
  const TemporaryFolder folder;
  const auto outcome = run_program({"run", "preset:resnet18_block/fused", "preset:edge", "--fidelity", "dram", "-o",
                                    folder.path().string(), "--trace", "scalesim", "--trace-max-mb", "1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.errors, HasSubstr("warning: 'Fmap1_DRAM_READ_TRACE.csv' has reached 1 MB at cycle "));
  const auto size = fs::file_size(folder.path() / "Fmap1_DRAM_READ_TRACE.csv");
  EXPECT_GE(size, 1'000'000U);
  EXPECT_LT(size, 1'001'000U);
}

TEST(Traces, WrongOptionsAreRefused) {
  const TemporaryFolder folder;
  const auto run_with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"run", small("fc_fc/fused.yaml"), small("edge.yaml"), "-o",
                                          (folder.path() / "out").string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(arguments);
  };
  const auto kind = run_with({"--trace", "perfeto"});
  EXPECT_EQ(kind.exit_code, 2);
  EXPECT_THAT(kind.errors, HasSubstr("there is no trace 'perfeto'; did you mean 'perfetto'?"));
  const auto level = run_with({"--trace", "chrome:tiles"});
  EXPECT_EQ(level.exit_code, 2);
  EXPECT_THAT(level.errors, HasSubstr("did you mean 'tile'?"));
  EXPECT_EQ(run_with({"--trace", "vcd:tile"}).exit_code, 2);
  EXPECT_EQ(run_with({"--trace", "dram:dramsim"}).exit_code, 2);
  EXPECT_EQ(run_with({"--trace", "vcd", "--trace", "vcd"}).exit_code, 2);
  EXPECT_EQ(run_with({"--trace", "vcd", "--trace-window", "9:5"}).exit_code, 2);
  EXPECT_EQ(run_with({"--trace-window", "5:9"}).exit_code, 2);
  EXPECT_EQ(run_program({"run", small("fc_fc/fused.yaml"), "--trace", "vcd"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(folder.path() / "out"));

  const auto rung = run_with({"--trace", "perfetto", "--trace", "dram", "--fidelity", "bandwidth"});
  EXPECT_EQ(rung.exit_code, 65);
  EXPECT_THAT(rung.errors, HasSubstr("the trace 'dram' needs the rung 'dram' or a higher one"));
  EXPECT_THAT(read_rows(""), IsEmpty());
  EXPECT_FALSE(fs::exists(folder.path() / "out" / "trace.pftrace"));
}

TEST(Traces, AnInterruptedRunClosesThem) {
  const TemporaryFolder folder;
  // 25 000 iterations: seconds of work.
  std::string text = text_of(small("fc_fc/fused.yaml"));
  for (const char* rank : {"P1 < 16", "P2 < 16"}) text.replace(text.find(rank), 7, std::string(rank, 5) + "100000");
  const std::string workload = folder.write("long.yaml", text);
  const fs::path output = folder.path() / "out";
  const std::string machine = small("edge.yaml");
  // Of an earlier run: nothing is counted as begun.
  fs::create_directories(output);
  std::ofstream(output / "stats.json").flush();
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    execl(program_path().c_str(), "loopsim", "run", workload.c_str(), machine.c_str(), "--fidelity", "dram", "-o",
          output.c_str(), "--trace", "perfetto", "--trace", "chrome", "--trace", "vcd", "--trace", "dram:dramsys",
          static_cast<char*>(nullptr));
    _exit(127);
  }
  ASSERT_GT(child, 0);
  // Until each trace has something in it.
  const auto begun = [&] {
    std::size_t written = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(output, ignored)) written += entry.file_size(ignored) > 0 ? 1 : 0;
    return written >= 4;
  };
  for (int i = 0; i < 3'000 && !begun(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  const ReadTimeline perfetto = read_perfetto(text_of(output / "trace.pftrace"));
  const ReadTimeline chrome = read_chrome(text_of(output / "trace.json"));
  EXPECT_THAT(perfetto.marks, ElementsAre("cut: interrupted"));
  EXPECT_THAT(chrome.marks, ElementsAre("cut: interrupted"));
  EXPECT_EQ(perfetto.slices.size(), chrome.slices.size());
  EXPECT_GT(perfetto.slices.size(), 0U);
  EXPECT_THAT(read_vcd(text_of(output / "trace.vcd")).comments, ElementsAre("$comment cut: interrupted $end"));
  EXPECT_THAT(text_of(output / "dram.stl"), HasSubstr("# cut: interrupted\n"));
  EXPECT_FALSE(fs::exists(output / "stats.json"));
  for (const auto& entry : fs::directory_iterator(output)) {
    EXPECT_NE(entry.path().filename().string().front(), '.') << entry.path();
  }
}

TEST(Traces, OfAnEarlierRunAreRemoved) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "out";
  const auto run_with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"run", small("fc_fc/fused.yaml"), small("edge.yaml"), "-o", output.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(arguments);
  };
  EXPECT_EQ(run_with({"--fidelity", "noc", "--trace", "chrome", "--trace", "noc", "--trace", "scalesim"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(output / "Fmap1_SRAM_READ_TRACE.csv"));
  std::ofstream(output / "notes.csv") << "mine";
  std::ofstream(output / ".trace.json.999999999.tmp") << "half";
  const std::string living = "." + std::string("trace.json.") + std::to_string(getpid()) + ".tmp";
  std::ofstream(output / living) << "half";

  // A run that is refused touches nothing.
  EXPECT_EQ(run_with({"--fidelity", "bandwidth", "--trace", "noc"}).exit_code, 65);
  EXPECT_TRUE(fs::exists(output / "noc_packets.csv"));
  EXPECT_TRUE(fs::exists(output / "trace.json"));

  const auto again = run_with({"--fidelity", "noc", "--trace", "noc"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.errors, HasSubstr("note: removed '" + (output / "trace.json").string() + "' of an earlier run"));
  EXPECT_THAT(again.errors, ::testing::Not(HasSubstr("noc_packets")));
  EXPECT_FALSE(fs::exists(output / "trace.json"));
  EXPECT_FALSE(fs::exists(output / "Fmap1_SRAM_READ_TRACE.csv"));
  EXPECT_TRUE(fs::exists(output / "noc_packets.csv"));
  EXPECT_FALSE(fs::exists(output / ".trace.json.999999999.tmp"));

  EXPECT_EQ(run_with({}).exit_code, 0);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(output)) left.push_back(entry.path().filename());
  EXPECT_THAT(left, ::testing::UnorderedElementsAre("stats.json", "stats.csv", "resolved.yaml", "host.json",
                                                    "notes.csv", living));
}

}  // namespace
}  // namespace loopsim
