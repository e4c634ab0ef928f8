#include "arch/dram/DramConstraint.hpp"

#include <array>
#include <cctype>

namespace loopsim {

std::string_view name_of(DramLevel level) {
  constexpr std::array<std::string_view, dram_level_count> names = {"channel", "rank", "bankgroup", "bank"};
  return names[static_cast<std::size_t>(level)];
}

std::string_view name_of(DramCause cause) {
  constexpr std::array<std::string_view, dram_cause_count> names = {"queue",      "refresh", "precharge", "activate",
                                                                    "turnaround", "spacing", "data"};
  return names[static_cast<std::size_t>(cause)];
}

const std::vector<DramConstraintRule>& generic_dram_constraints() {
  using L = DramLevel;
  constexpr bool other_ranks = true;
  // Times run from command to command. Read data lie on the bus from tCL + tDQSCK after RD for tBURST cycles, write
  // data from tCWL + tDQSS after WR. tRTW is what must lie between read and write data (preamble and turnaround), tRTRS
  // between the data of two ranks. Automatic precharge begins where PRE could have been sent.
  static const std::vector<DramConstraintRule> rules = {
      // One bank: a row is opened, used, closed.
      {L::bank, "ACT", "ACT", "tRC"},
      {L::bank, "ACT", "RD RDA", "tRCDRD"},
      {L::bank, "ACT", "WR WRA", "tRCDWR"},
      {L::bank, "ACT", "PRE", "tRAS"},
      {L::bank, "RD", "PRE", "tRTP"},
      {L::bank, "WR", "PRE", "tCWL + tDQSS + tBURST + tWR"},
      {L::bank, "PRE", "ACT", "tRPpb"},
      {L::bank, "RDA", "ACT", "tRTP + tRPpb"},
      {L::bank, "WRA", "ACT", "tCWL + tDQSS + tBURST + tWR + tRPpb"},
      // All banks of a rank closed at once.
      {L::rank, "ACT", "PREA", "tRAS"},
      {L::rank, "RD", "PREA", "tRTP"},
      {L::rank, "WR", "PREA", "tCWL + tDQSS + tBURST + tWR"},
      {L::rank, "RDA", "PREA", "tRTP"},
      {L::rank, "WRA", "PREA", "tCWL + tDQSS + tBURST + tWR"},
      {L::rank, "PREA", "ACT", "tRPab"},
      {L::rank, "PRE PREA", "PRE PREA", "tPPD"},
      // Activates load the supply.
      {L::bank_group, "ACT", "ACT", "tRRD_L"},
      {L::rank, "ACT", "ACT", "tRRD_S"},
      {L::rank, "ACT", "ACT", "tFAW", 4},
      // Bursts of one direction.
      {L::rank, "RD RDA", "RD RDA", "tCCD_S"},
      {L::rank, "WR WRA", "WR WRA", "tCCD_S"},
      {L::bank_group, "RD RDA", "RD RDA", "tCCD_L"},
      {L::bank_group, "WR WRA", "WR WRA", "tCCD_L"},
      {L::channel, "RD RDA", "RD RDA", "tBURST"},
      {L::channel, "WR WRA", "WR WRA", "tBURST"},
      // The bus turns: write data after read data; a read once written data have left the column path.
      {L::rank, "RD RDA", "WR WRA", "tCL + tDQSCK + tBURST + tRTW - tCWL - tDQSS"},
      {L::rank, "WR WRA", "RD RDA", "tCWL + tDQSS + tBURST + tWTR_S"},
      {L::bank_group, "WR WRA", "RD RDA", "tCWL + tDQSS + tBURST + tWTR_L"},
      // Data of different ranks only need a gap on the bus.
      {L::rank, "RD RDA", "RD RDA", "tBURST + tRTRS", 1, other_ranks},
      {L::rank, "WR WRA", "WR WRA", "tBURST + tRTRS", 1, other_ranks},
      {L::rank, "RD RDA", "WR WRA", "tCL + tDQSCK + tBURST + tRTRS - tCWL - tDQSS", 1, other_ranks},
      {L::rank, "WR WRA", "RD RDA", "tCWL + tDQSS + tBURST + tRTRS - tCL - tDQSCK", 1, other_ranks},
      // Refresh of a rank: all its banks are closed before and stay so.
      {L::rank, "ACT", "REF", "tRC"},
      {L::rank, "PRE", "REF", "tRPpb"},
      {L::rank, "PREA", "REF", "tRPab"},
      {L::rank, "RDA", "REF", "tRTP + tRPpb"},
      {L::rank, "WRA", "REF", "tCWL + tDQSS + tBURST + tWR + tRPpb"},
      {L::rank, "REF", "ACT REF REFpb", "tRFC"},
      // Refresh of a bank: the others go on, but for tRREFD, and for tpbR2pbR between two of them.
      {L::bank, "ACT", "REFpb", "tRC"},
      {L::bank, "PRE", "REFpb", "tRPpb"},
      {L::bank, "RDA", "REFpb", "tRTP + tRPpb"},
      {L::bank, "WRA", "REFpb", "tCWL + tDQSS + tBURST + tWR + tRPpb"},
      {L::rank, "PREA", "REFpb", "tRPab"},
      {L::rank, "ACT", "REFpb", "tRRD_S"},
      {L::bank, "REFpb", "ACT REFpb", "tRFCpb"},
      {L::rank, "REFpb", "ACT", "tRREFD"},
      {L::rank, "REFpb", "REFpb", "tpbR2pbR"},
      {L::rank, "REFpb", "REF", "tRFCpb"},
  };
  return rules;
}

std::variant<std::int64_t, FormulaError> evaluate_dram_formula(std::string_view text,
                                                               const DramParameters& parameters) {
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && text[at] == ' ') ++at;
  };
  std::int64_t sum = 0;
  std::int64_t sign = 1;
  skip_blanks();
  if (at < text.size() && text[at] == '-') {
    sign = -1;
    ++at;
  }
  while (true) {
    skip_blanks();
    const std::size_t begin = at;
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_')) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    if (word.empty()) return FormulaError{begin, ""};
    if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
      std::int64_t number = 0;
      for (const char c : word) {
        if (std::isdigit(static_cast<unsigned char>(c)) == 0 || number > 1'000'000) return FormulaError{begin, ""};
        number = 10 * number + (c - '0');
      }
      sum += sign * number;
    } else {
      const auto found = parameters.find(word);
      if (found == parameters.end()) return FormulaError{begin, std::string(word)};
      sum += sign * found->second;
    }
    skip_blanks();
    if (at == text.size()) return sum;
    if (text[at] != '+' && text[at] != '-') return FormulaError{at, ""};
    sign = text[at] == '+' ? 1 : -1;
    ++at;
  }
}

DramCause cause_of(JedecCommand preceding, JedecCommand following, DramLevel level, bool sibling) {
  using C = JedecCommand;
  if (preceding == C::refresh || preceding == C::refresh_bank) return DramCause::refresh;
  if (is_column(preceding) && is_column(following)) {
    return sibling || is_read(preceding) != is_read(following) ? DramCause::turnaround : DramCause::spacing;
  }
  if (preceding == C::activate && is_column(following)) return DramCause::activate;
  if (preceding == C::activate && following == C::activate && level != DramLevel::bank) return DramCause::spacing;
  if (preceding == C::precharge && following == C::precharge && level != DramLevel::bank) return DramCause::spacing;
  return DramCause::precharge;
}

}  // namespace loopsim
