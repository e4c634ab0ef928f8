#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mapping/BoundTree.hpp"
#include "report/TableLines.hpp"
#include "runs/CaseResult.hpp"

namespace loopsim {

struct TableStyle {
  bool unicode = false;  ///< bars of blocks instead of letters
  bool all = false;      ///< every tensor of every memory and every metric that differs
};

/// What a person wants to know of a run at a glance: estimate beside simulation, the words each memory moved, where the
/// cycles of every stage went, the way from the estimated to the simulated cycles, and what explains the differences.
/// Of warnings only their number: they are shown where they arise.
std::string case_table(const BoundTree& tree, const CaseResult& result, const Provenance& provenance, TableStyle style);

/// The lines on top of a table: inputs, machine, and what was done ("estimate only").
void add_case_title(TableLines& lines, const BoundTree& tree, const Provenance& provenance, std::string_view kind);

/// How many warnings there are, if any. Standard error has them in full; whoever keeps only the table should know.
void add_warning_count(TableLines& lines, std::size_t warnings);

/// Blocks where standard output is a terminal that shows UTF-8.
TableStyle terminal_style();

}  // namespace loopsim
