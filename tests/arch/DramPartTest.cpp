#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>

#include "arch/dram/DramPartLoader.hpp"
#include "tests/ParseText.hpp"
#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

std::string shipped_text(std::string_view name) {
  for (const DramPartText& part : shipped_dram_parts()) {
    if (part.name == name) return std::string(part.text);
  }
  throw std::logic_error("no such part");
}

std::string replaced(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw std::logic_error("nothing to replace: " + old);
  return text.replace(at, old.size(), now);
}

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  if (const DocumentNodePtr document = parse_text(text, diagnostics)) read_dram_part(*document, "test", diagnostics);
  return messages(diagnostics);
}

TEST(DramPart, ShippedPartsLoadAndCiteTheirSource) {
  std::vector<std::string> names;
  for (const DramPartText& text : shipped_dram_parts()) {
    names.emplace_back(text.name);
    const DramPart part = load_dram_part(std::string(text.name));
    EXPECT_GT(part.source.size(), 40U) << text.name;
    EXPECT_GT(part.constraints.size(), 30U) << text.name;
  }
  EXPECT_THAT(names, ::testing::ElementsAre("ddr4-2400-17", "hbm2-2000", "lpddr4-3200", "lpddr5-6400"));
}

TEST(DramPart, Ddr4) {
  const DramPart part = load_dram_part("ddr4-2400-17");
  EXPECT_EQ(part.organisation.burst_bytes(), 64);
  EXPECT_EQ(part.organisation.burst_cycles(), DramCycles(4));
  EXPECT_EQ(part.organisation.bursts_in_row(), 128);
  EXPECT_NEAR(part.nanoseconds(1), 0.8333, 1e-4);
  EXPECT_EQ(part.parameter("tRCDWR"), DramCycles(17)) << "as tRCDRD";
  EXPECT_FALSE(part.refreshes_banks());
}

TEST(DramPart, PeakBandwidthsOfTheOthers) {
  const auto gb_per_s = [](const char* name) {
    const DramPart part = load_dram_part(name);
    return static_cast<double>(part.organisation.burst_bytes()) /
           part.nanoseconds(static_cast<double>(part.organisation.burst_cycles().value));
  };
  EXPECT_NEAR(gb_per_s("ddr4-2400-17"), 19.2, 1e-9);
  EXPECT_NEAR(gb_per_s("lpddr4-3200"), 6.4, 1e-9);
  EXPECT_NEAR(gb_per_s("lpddr5-6400"), 12.8, 1e-9);
  EXPECT_NEAR(gb_per_s("hbm2-2000"), 16, 1e-9);
}

TEST(DramPart, Formulas) {
  const DramParameters parameters = {{"tCL", 17}, {"tCWL", 12}};
  const auto value = [&](std::string_view text) {
    return std::get<std::int64_t>(evaluate_dram_formula(text, parameters));
  };
  EXPECT_EQ(value("tCL + 2 - tCWL"), 7);
  EXPECT_EQ(value("  tCL  "), 17);
  EXPECT_EQ(value("-tCL+30"), 13);
  for (const char* wrong : {"", "tCL +", "tCL tCWL", "tCL * 2", "1x", "99999999"}) {
    EXPECT_TRUE(std::holds_alternative<FormulaError>(evaluate_dram_formula(wrong, parameters))) << wrong;
  }
  const auto unknown = std::get<FormulaError>(evaluate_dram_formula("tCL + tXY", parameters));
  EXPECT_EQ(unknown.word, "tXY");
  EXPECT_EQ(unknown.offset, 6U);
}

TEST(DramPart, EveryGenericRowIsAFormulaOfKnownParameters) {
  DramParameters parameters = {{"tBURST", 4}};
  for (const DramTimingKey& key : dram_timing_keys()) parameters[std::string(key.name)] = 1;
  for (const DramConstraintRule& rule : generic_dram_constraints()) {
    EXPECT_TRUE(std::holds_alternative<std::int64_t>(evaluate_dram_formula(rule.cycles, parameters))) << rule.cycles;
  }
}

TEST(DramPart, ParametersAreDocumented) {
  std::ostringstream page;
  page << std::ifstream(source_folder() / "docs/dram.md").rdbuf();
  for (const DramTimingKey& key : dram_timing_keys()) {
    const std::string fallback = key.fallback.empty() ? "required" : "`" + std::string(key.fallback) + "`";
    EXPECT_THAT(page.str(),
                HasSubstr("| `" + std::string(key.name) + "` | " + fallback + " | " + std::string(key.meaning) + " |"));
  }
}

TEST(DramPart, ConstraintsOfAPart) {
  const std::string text =
      shipped_text("ddr4-2400-17") +
      "constraints:\n"
      "- {level: bankgroup, preceding: [ACT], following: [RD, WR], cycles: tRCDRD + 5, window: 2}\n";
  Diagnostics diagnostics;
  const DramPart part = read_dram_part(*parse_text(text, diagnostics), "x", diagnostics);
  EXPECT_EQ(messages(diagnostics), "");
  const DramConstraint& row = part.constraints.back();
  EXPECT_EQ(row.level, DramLevel::bank_group);
  EXPECT_EQ(row.cycles, DramCycles(22));
  EXPECT_EQ(row.window, 2);
  EXPECT_THAT(row.following, ::testing::ElementsAre(JedecCommand::read, JedecCommand::write));
}

/// What is said about a file that is no part.
std::string refusal_of(const std::string& path) {
  try {
    load_dram_part(path);
  } catch (const InputError& error) {
    return render_all(error.diagnostics.all());
  }
  return "";
}

// An input names the file, and the input may be a stranger's: what is in the file is shown to nobody.
TEST(DramPart, WhatIsNoPartIsNotQuoted) {
  const TemporaryFolder folder;
  for (const char* text :
       {"root:secret:0:0", "password: secret\nclock: 7", "- secret", "secret: [", "\tsecret: 1",
        "clock: secret\nsource: secret\ntiming: secret\norganisation: {width: 64}", "secret: 1\nsecret: 2"}) {
    const std::string path = folder.write("private.yaml", text);
    const std::string message = refusal_of(path);
    EXPECT_THAT(message, HasSubstr("'" + path + "' is no DRAM part")) << text;
    EXPECT_THAT(message, ::testing::Not(HasSubstr("secret"))) << text;
  }
  // What is a part is helped with.
  const std::string wrong = folder.write("mine.yaml", replaced(shipped_text("ddr4-2400-17"), "tCL:", "tCLL:"));
  EXPECT_THAT(refusal_of(wrong), HasSubstr("did you mean 'tCL'?"));
}

TEST(DramPart, OnlyRegularFilesAreRead) {
  const TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe.yaml").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refusal_of(pipe), HasSubstr("'" + pipe + "' is a device or a pipe; expected a regular file"));
  EXPECT_THAT(refusal_of("/dev/zero"), HasSubstr("expected a regular file"));
  EXPECT_THAT(refusal_of(folder.path().string()), HasSubstr("is a directory"));
  EXPECT_THAT(refusal_of(folder.write("large.yaml", std::string(2 << 20, ' '))), HasSubstr("more than 1 MiB"));
}

TEST(DramPart, FilesLoad) {
  const TemporaryFolder folder;
  const std::string path = folder.write("my.yaml", replaced(shipped_text("ddr4-2400-17"), "tCL: 17", "tCL: 16"));
  const DramPart part = load_dram_part(path);
  EXPECT_EQ(part.name, "my");
  EXPECT_EQ(part.parameter("tCL"), DramCycles(16));
  EXPECT_THROW(load_dram_part((folder.path() / "none.yaml").string()), MissingInputError);
  try {
    load_dram_part("ddr4-2400-16");
    FAIL();
  } catch (const MissingInputError& error) {
    EXPECT_THAT(messages(error.diagnostics),
                HasSubstr("there is no DRAM part 'ddr4-2400-16'; did you mean 'ddr4-2400-17'?"));
  }
}

TEST(DramPart, ErrorsOfAPart) {
  const std::string good = shipped_text("ddr4-2400-17");
  const std::string lpddr4 = shipped_text("lpddr4-3200");
  ASSERT_EQ(errors_of(good), "");
  EXPECT_THAT(errors_of(replaced(good, "tRCDRD", "tRCDD")), HasSubstr("did you mean 'tRCDRD'?"));
  EXPECT_THAT(errors_of(replaced(good, "tRPpb: 17", "tRPpb: abc")), HasSubstr("tRPpb: expected"));
  EXPECT_THAT(errors_of(replaced(good, "tRPpb: 17", "tRPpb: -1")), HasSubstr("tRPpb: expected"));
  EXPECT_THAT(errors_of(replaced(good, "banks: 4,", "banks: 3,")), HasSubstr("banks: expected a power of two, got 3"));
  EXPECT_THAT(errors_of(replaced(good, "width: 64", "width: 72")), HasSubstr("width: expected a power of two"));
  EXPECT_THAT(errors_of(replaced(good, "rows: 65536,", "")), HasSubstr("'rows'"));
  EXPECT_THAT(errors_of(replaced(good, "columns: 1024", "columns: 4")), HasSubstr("shorter than a burst"));
  EXPECT_THAT(errors_of(replaced(good, "tREFI: 9360", "tREFI: 400")), HasSubstr("tREFI of 400 leaves no time beside"));
  EXPECT_THAT(errors_of(replaced(good, "clock: 1200000000", "clock: 5")), HasSubstr("clock: expected"));
  EXPECT_THAT(errors_of(replaced(good, "volts: 1.2", "volts: 0")), HasSubstr("volts: expected a positive number"));
  EXPECT_THAT(errors_of(replaced(good, "IDD0: 48, ", "")), HasSubstr("'IDD0'"));
  EXPECT_THAT(errors_of(replaced(good, "devices: 8", "devises: 8")), HasSubstr("did you mean 'devices'?"));
  EXPECT_THAT(errors_of(replaced(lpddr4, "tREFIpb: 780", "tREFIpb: 0")), HasSubstr("tREFIpb"));
  EXPECT_THAT(errors_of(replaced(lpddr4, "tRAS + tRPab", "tRAS + tRPba")),
              HasSubstr("cycles: there is no parameter 'tRPba'; did you mean 'tRPab'?"));
  EXPECT_THAT(errors_of(replaced(lpddr4, "following: [REF]", "following: [FER]")),
              HasSubstr("there is no command 'FER'"));
  EXPECT_THAT(errors_of(replaced(lpddr4, "level: rank", "level: bank")), HasSubstr("PREA and REF concern a rank"));
  EXPECT_THAT(errors_of(replaced(lpddr4, "level: rank", "level: rnak")), HasSubstr("did you mean 'rank'?"));
}

}  // namespace
}  // namespace loopsim
