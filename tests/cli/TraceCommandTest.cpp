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
  const std::vector<std::string> traces = {"--trace", "chrome",   "--trace", "noc",
                                           "--trace", "scalesim", "--trace", "rtl"};
  std::vector<std::string> first = {"--fidelity", "noc"};
  first.insert(first.end(), traces.begin(), traces.end());
  EXPECT_EQ(run_with(first).exit_code, 0);
  EXPECT_TRUE(fs::exists(output / "Fmap1_SRAM_READ_TRACE.csv"));
  EXPECT_TRUE(fs::exists(output / "rtl" / "check.v"));
  std::ofstream(output / "rtl" / "mine.v") << "mine";
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
  EXPECT_FALSE(fs::exists(output / "rtl" / "Fmap1.hex"));
  EXPECT_TRUE(fs::exists(output / "noc_packets.csv"));
  EXPECT_FALSE(fs::exists(output / ".trace.json.999999999.tmp"));

  EXPECT_EQ(run_with({}).exit_code, 0);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(output)) left.push_back(entry.path().filename());
  EXPECT_THAT(left, ::testing::UnorderedElementsAre("stats.json", "stats.csv", "resolved.yaml", "host.json",
                                                    "notes.csv", "rtl", living));
  left.clear();
  for (const auto& entry : fs::directory_iterator(output / "rtl")) left.push_back(entry.path().filename());
  EXPECT_THAT(left, ElementsAre("mine.v"));
}

}  // namespace
}  // namespace loopsim
