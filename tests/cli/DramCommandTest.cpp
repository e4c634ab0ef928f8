#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

std::string three_reads() {
  return "R 0x0\nR 0x40\nR 131072\n";
}

TEST(DramCommand, Json) {
  const TemporaryFolder folder;
  const std::string trace = folder.write("t.trace", three_reads());
  const auto outcome = run_program({"dram", "--trace", trace, "--gap", "1000", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto json = nlohmann::ordered_json::parse(outcome.output);
  EXPECT_EQ(json["requests"], 3);
  EXPECT_EQ(json["reads"], 3);
  EXPECT_EQ(json["writes"], 0);
  EXPECT_EQ(json["cycles"], 2000 + 55);
  EXPECT_NEAR(json["avg_read_latency_ns"].get<double>(), (38 + 21 + 55) / 3.0 / 1.2, 1e-9);
  EXPECT_EQ(json["row_hits"], 1);
  EXPECT_EQ(json["row_misses"], 1);
  EXPECT_EQ(json["row_conflicts"], 1);
  EXPECT_EQ(json["refreshes"], 0);
  EXPECT_EQ(json["bytes"], 192);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  keys.resize(10);
  EXPECT_THAT(keys, ::testing::ElementsAre("requests", "reads", "writes", "cycles", "avg_read_latency_ns", "row_hits",
                                           "row_misses", "row_conflicts", "refreshes", "bytes"));
  EXPECT_GT(json["energy_pj"]["total"].get<double>(), 0);
  EXPECT_EQ(run_program({"dram", "--trace", trace, "--gap", "1000", "--json"}).output, outcome.output);
}

TEST(DramCommand, TableAndAllFormats) {
  const TemporaryFolder folder;
  const std::string plain = folder.write("plain", "R 0\nW 64\n");
  const std::string ramulator = folder.write("ramulator", "LD 0\nST 0x40\n");
  const std::string dramsim3 = folder.write("dramsim3", "0x0 READ 0\n0x40 WRITE 1\n");
  const auto outcome = run_program({"dram", "--trace", plain});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("ddr4-2400-17"));
  EXPECT_THAT(outcome.output, HasSubstr("row hits"));
  EXPECT_EQ(run_program({"dram", "--trace", ramulator}).output, outcome.output);
  EXPECT_EQ(run_program({"dram", "--trace", dramsim3}).output, outcome.output);
}

TEST(DramCommand, EveryOptionMatters) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    text += (i % 3 == 0 ? "W " : "R ") + std::to_string(i % 5 * 8192 * 16 * 7 + i % 7 * 8192 + i / 5 * 64) + "\n";
  }
  const std::string trace = folder.write("t", text);
  const auto cycles = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words = {"dram", "--json", "--trace", trace, "--part", "lpddr4-3200"};
    words.insert(words.end(), options.begin(), options.end());
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return nlohmann::json::parse(outcome.output)["cycles"].get<std::int64_t>();
  };
  const std::int64_t usual = cycles({});
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--part", "hbm2-2000"},
                                                  {"--mapping", "row:column:bank"},
                                                  {"--channels", "2", "--mapping", "row:bank:column:channel"},
                                                  {"--ranks", "2", "--mapping", "row:bank:rank:column"},
                                                  {"--queue", "8"},
                                                  {"--queues", "bank"},
                                                  {"--scheduler", "fcfs"},
                                                  {"--page", "closed"},
                                                  {"--refresh", "bank"},
                                                  {"--refresh", "off"},
                                                  {"--row-hit-cap", "1"},
                                                  {"--write-high", "40"},
                                                  {"--write-low", "60"},
                                                  {"--gap", "30"}}) {
    // A repeated --part is an error; the first case stands for itself.
    if (options[0] == "--part") {
      const auto outcome = run_program({"dram", "--json", "--trace", trace, options[0], options[1]});
      EXPECT_NE(nlohmann::json::parse(outcome.output)["cycles"].get<std::int64_t>(), usual);
    } else {
      EXPECT_NE(cycles(options), usual) << options[0] << " " << options[1];
    }
  }
}

TEST(DramCommand, PartsAndHelp) {
  const auto parts = run_program({"dram", "--parts"});
  EXPECT_EQ(parts.exit_code, 0);
  for (const char* name : {"ddr4-2400-17", "lpddr4-3200", "lpddr5-6400", "hbm2-2000"}) {
    EXPECT_THAT(parts.output, HasSubstr(name));
  }
  const auto help = run_program({"dram", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, HasSubstr("row:bank:bankgroup:column"));
  EXPECT_THAT(help.output, HasSubstr("frfcfs"));
}

TEST(DramCommand, UsageErrorsEndWith2) {
  const TemporaryFolder folder;
  const std::string trace = folder.write("t", three_reads());
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--queue", "0"},
                                                  {"--queue", "x"},
                                                  {"--channels", "3"},
                                                  {"--ranks", "6"},
                                                  {"--scheduler", "fifo"},
                                                  {"--page", "ajar"},
                                                  {"--refresh", "never"},
                                                  {"--refresh", "bank"},  // DDR4 cannot
                                                  {"--write-low", "90"},
                                                  {"--gap", "-1"},
                                                  {"--nonsense"}}) {
    std::vector<std::string> words = {"dram", "--trace", trace};
    words.insert(words.end(), options.begin(), options.end());
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2) << options[0];
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors, "");
  }
  EXPECT_EQ(run_program({"dram"}).exit_code, 2);
  EXPECT_EQ(run_program({"dram"}).errors, "loopsim dram: --trace is required\n'loopsim dram --help' says more.\n");
}

TEST(DramCommand, AFileAloneSuggestsItsOption) {
  const TemporaryFolder folder;
  const std::string trace = folder.write("t.trace", three_reads());
  for (const std::vector<std::string>& words : {std::vector<std::string>{"dram", trace}, {"dram", "--json", trace}}) {
    const auto outcome = run_program(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("; did you mean '--trace " + trace + "'?"));
  }
}

TEST(DramCommand, AnEndlessTraceIsRefused) {
  const auto outcome = run_program({"dram", "--trace", "/dev/zero"});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.errors, HasSubstr("more than 1024 MiB"));
}

TEST(DramCommand, BadInputsEndWith65And66) {
  const TemporaryFolder folder;
  const std::string good = folder.write("good", three_reads());
  const std::string bad = folder.write("bad", "R 0x40\nRD 0x80\n");
  const auto outcome = run_program({"dram", "--trace", bad});
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, HasSubstr(bad + ":2:1: error: expected 'R|W ADDRESS', got 'RD'"));
  EXPECT_THAT(outcome.errors, HasSubstr("^"));
  const auto mapping = run_program({"dram", "--trace", good, "--mapping", "row:bank:colum:bankgroup"});
  EXPECT_EQ(mapping.exit_code, 65);
  EXPECT_THAT(mapping.errors, HasSubstr("did you mean 'column'?"));
  EXPECT_EQ(run_program({"dram", "--trace", (folder.path() / "none").string()}).exit_code, 66);
  EXPECT_EQ(run_program({"dram", "--trace", good, "--part", "ddr5"}).exit_code, 66);
  EXPECT_EQ(run_program({"dram", "--trace", folder.write("empty", "")}).exit_code, 65);
}

}  // namespace
}  // namespace loopsim
