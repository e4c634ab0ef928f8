#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <string>

#include "arch/FidelityName.hpp"
#include "report/CauseText.hpp"
#include "report/Glossary.hpp"
#include "sim/attribution/MemoryHistory.hpp"
#include "sim/attribution/PortWait.hpp"
#include "tests/TestPaths.hpp"

namespace loopsim {
namespace {

bool knows(const std::string& word) {
  return !explain_word(word).empty();
}

/// Rows `word` | … of a table of the documentation; several words of a row between backquotes.
std::vector<std::string> words_of_page(const std::string& page) {
  std::ifstream file(source_folder() / "docs" / page);
  std::vector<std::string> words;
  static const std::regex word("`([a-z_.]+)`");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    const std::string cell = line.substr(0, line.find(" |", 2));
    for (std::sregex_iterator at(cell.begin(), cell.end(), word), end; at != end; ++at) words.push_back((*at)[1]);
  }
  return words;
}

TEST(Glossary, KnowsEveryWordOfTheTablesOfTwoPages) {
  for (const char* page : {"attribution.md", "comparison.md"}) {
    const std::vector<std::string> words = words_of_page(page);
    EXPECT_GT(words.size(), 15U) << page;
    for (const std::string& word : words) {
      if (word == "detail") continue;  // the head of a table
      EXPECT_TRUE(knows(word)) << page << ": " << word;
    }
  }
}

TEST(Glossary, KnowsEveryStallDetailAndRung) {
  for (std::size_t i = 0; i < stall_causes; ++i) {
    const std::string name = to_string(static_cast<StallCause>(i));
    EXPECT_TRUE(knows("stall." + name)) << name;
    EXPECT_TRUE(knows(name)) << name;
  }
  for (std::size_t i = 0; i < memory_delays; ++i) {
    EXPECT_TRUE(knows(std::string(name_of(static_cast<MemoryDelay>(i)))));
  }
  for (const StallCause cause : {StallCause::dram, StallCause::glb}) {
    for (const PortDetail detail : {PortDetail::port, PortDetail::rounding, PortDetail::arbitration}) {
      EXPECT_TRUE(knows(name_of(cause, detail))) << name_of(cause, detail);
    }
  }
  for (const PortDetail detail : {PortDetail::serialization, PortDetail::rounding, PortDetail::arbitration}) {
    EXPECT_TRUE(knows(name_of(StallCause::noc, detail)));
  }
  EXPECT_TRUE(knows(name_of(StallCause::glb, PortDetail::bank_conflict)));
  for (const std::string_view rung : fidelity_names()) EXPECT_TRUE(knows(std::string(rung))) << rung;
}

TEST(Glossary, KnowsCountersOfTheModules) {
  for (const char* counter : {"row_hits", "row_conflicts", "bank_conflict_cycles", "flit_hops", "min_words"}) {
    EXPECT_TRUE(knows(counter)) << counter;
  }
}

TEST(Glossary, LeavesOutWhatAWordIsSaidOf) {
  ASSERT_EQ(explain_word("reads:1/Fmap1/Conv1").size(), 1U);
  EXPECT_EQ(explain_word("reads:1/Fmap1/Conv1").front().word, "reads");
  EXPECT_EQ(explain_word("glb.port:GLB.read/W/Conv1").front().word, "glb.port");
  EXPECT_EQ(explain_word("dram").size(), 2U);  // a rung and a wait
  EXPECT_TRUE(explain_word("nonsense").empty());
  EXPECT_TRUE(explain_word("").empty());
}

TEST(Glossary, HasTheCausesThatTheTableHasWordsFor) {
  for (const GlossaryEntry& entry : glossary()) {
    if (entry.kind == "cause of the comparison") {
      EXPECT_NE(cause_text(entry.word), "") << entry.word;
    }
    EXPECT_TRUE(std::filesystem::exists(source_folder() / entry.page)) << entry.page;
  }
}

}  // namespace
}  // namespace loopsim
