#pragma once

#include "report/page/DataTable.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// The metrics in which simulation and estimate differ, with what accounts for the difference; unexplained ones first,
/// then as stats.json has them. No rows for an estimate alone.
DataTable difference_table(const RunFolder& run);

}  // namespace loopsim
