#pragma once

#include <vector>

#include "report/page/DataTable.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// The main figures of several runs: a row for each figure, a column for each run and one for how much it differs from
/// the first. Null where a run does not have the figure.
DataTable runs_table(const std::vector<RunFolder>& runs);

}  // namespace loopsim
