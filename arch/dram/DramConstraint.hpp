#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "arch/dram/JedecCommand.hpp"
#include "base/Quantity.hpp"

namespace loopsim {

/// Cycles of a DRAM's command clock (tCK).
using DramCycles = Quantity<struct DramClockUnit>;
/// A part's clock has at most 100 GHz, so that there are fewer of them than picoseconds, which are checked.
template <>
inline constexpr bool overflow_is_checked<DramClockUnit> = false;

enum class DramLevel : std::uint8_t { channel, rank, bank_group, bank };
inline constexpr std::size_t dram_level_count = 4;
std::string_view name_of(DramLevel level);

/// What a constraint means for a request that waits for it.
enum class DramCause : std::uint8_t {
  queue,       ///< behind other requests: their commands went first
  refresh,     ///< the bank or its rank was being refreshed or emptied for it
  precharge,   ///< closing another row: tRAS, tRTP, tWR before PRE, tRP after it, tRC
  activate,    ///< opening the row: tRCD
  turnaround,  ///< the data bus changes direction or rank
  spacing,     ///< commands too close to others: tCCD, tRRD, tFAW, bus occupancy
  data,        ///< CL or CWL and the burst
};
inline constexpr std::size_t dram_cause_count = 7;
std::string_view name_of(DramCause cause);

/// One row of the timing table: once a command of `preceding` was sent, one of `following` may go to the same `level`
/// (to the same bank, the same rank, …) only `cycles` later. With a `window` of n, the n-th last of the preceding ones
/// counts (tFAW: 4). A `sibling` row holds not in the same rank but in all others of the channel.
struct DramConstraint {
  DramLevel level = DramLevel::bank;
  std::vector<JedecCommand> preceding;
  std::vector<JedecCommand> following;
  DramCycles cycles;
  int window = 1;
  bool sibling = false;
  std::string formula;  ///< what `cycles` was computed from
};

/// A row as text: commands separated by spaces, cycles as a sum of named parameters and numbers.
struct DramConstraintRule {
  DramLevel level;
  std::string_view preceding;
  std::string_view following;
  std::string_view cycles;
  int window = 1;
  bool sibling = false;
};

/// The rows that hold for every part, in terms of the parameters in docs/dram.md.
const std::vector<DramConstraintRule>& generic_dram_constraints();

/// Named parameters in clock cycles.
using DramParameters = std::map<std::string, std::int64_t, std::less<>>;

struct FormulaError {
  std::size_t offset = 0;
  std::string word;  ///< a name that no parameter has; empty: bad syntax
};
/// Value of `tCL + 2 - tCWL`.
std::variant<std::int64_t, FormulaError> evaluate_dram_formula(std::string_view text, const DramParameters& parameters);

/// What waiting for a row is counted as.
DramCause cause_of(JedecCommand preceding, JedecCommand following, DramLevel level, bool sibling);

}  // namespace loopsim
