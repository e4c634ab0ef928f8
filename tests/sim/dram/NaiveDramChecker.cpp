#include "tests/sim/dram/NaiveDramChecker.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace loopsim {
namespace {

using C = JedecCommand;

std::string describe(const DramCommandRecord& c) {
  std::ostringstream text;
  text << name_of(c.command) << " bank " << c.bank.value << " row " << c.row << " at " << c.time.value;
  return text.str();
}

bool contains(const std::vector<C>& commands, C command) {
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

bool concerns(const DramConstraint& row, const DramCommandRecord& a, const DramCommandRecord& b,
              const DramGeometry& geometry) {
  const bool same_rank = geometry.rank_of(a.bank) == geometry.rank_of(b.bank);
  if (row.sibling) return !same_rank;
  switch (row.level) {
    case DramLevel::channel:
      return true;
    case DramLevel::rank:
      return same_rank;
    case DramLevel::bank_group:
      return geometry.group_of(a.bank) == geometry.group_of(b.bank);
    case DramLevel::bank:
      break;
  }
  return a.bank == b.bank;
}

}  // namespace

std::string fault_of(const std::vector<DramCommandRecord>& commands, const DramPart& part,
                     const DramGeometry& geometry) {
  DramCycles horizon;
  for (const DramConstraint& row : part.constraints) horizon = std::max(horizon, row.cycles);
  std::map<std::uint32_t, std::uint32_t> open;  // row by bank
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const DramCommandRecord& now = commands[i];
    for (const DramConstraint& row : part.constraints) {
      if (!contains(row.following, now.command)) continue;
      int seen = 0;
      for (std::size_t j = i; j-- > 0 && commands[j].time + horizon > now.time;) {
        const DramCommandRecord& before = commands[j];
        if (!contains(row.preceding, before.command) || !concerns(row, before, now, geometry)) continue;
        if (++seen < row.window) continue;
        if (before.time + row.cycles > now.time)
          return describe(before) + ", then " + describe(now) + ": " + row.formula;
        break;
      }
    }
    if (i > 0) {
      const DramCommandRecord& before = commands[i - 1];
      const bool own_bus = part.organisation.command_buses == 2 && is_column(before.command) != is_column(now.command);
      if (before.time > now.time || (before.time == now.time && !own_bus)) return "bus taken: " + describe(now);
    }
    const auto row = open.find(now.bank.value);
    if (is_column(now.command) && (row == open.end() || row->second != now.row))
      return "row not open: " + describe(now);
    if (now.command == C::activate && row != open.end()) return "another row open: " + describe(now);
    if (now.command == C::refresh_bank && row != open.end()) return "row open: " + describe(now);
    if (now.command == C::refresh) {
      for (const auto& entry : open) {
        if (geometry.rank_of(DramBankId(entry.first)) == geometry.rank_of(now.bank))
          return "row open: " + describe(now);
      }
    }
    if (now.command == C::activate) open[now.bank.value] = now.row;
    if (closes(now.command) && now.command != C::precharge_all) open.erase(now.bank.value);
    if (now.command == C::precharge_all) {
      for (auto entry = open.begin(); entry != open.end();) {
        const bool closed = geometry.rank_of(DramBankId(entry->first)) == geometry.rank_of(now.bank);
        entry = closed ? open.erase(entry) : std::next(entry);
      }
    }
  }
  return "";
}

}  // namespace loopsim
