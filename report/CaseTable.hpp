#pragma once

#include <string>

#include "models/tree/BoundTree.hpp"
#include "report/CaseResult.hpp"
#include "report/TableLines.hpp"

namespace loopsim {

struct TableStyle {
  bool unicode = false;  ///< bars of blocks instead of letters
};

/// What a person wants to know of a run at a glance: estimate beside simulation, where the cycles of every stage went,
/// the way from the estimated to the simulated cycles, and how the comparison came out.
std::string case_table(const BoundTree& tree, const CaseResult& result, const Provenance& provenance, TableStyle style);

/// Blocks where standard output is a terminal that shows UTF-8.
TableStyle terminal_style();

}  // namespace loopsim
