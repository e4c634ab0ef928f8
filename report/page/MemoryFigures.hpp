#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

// Charts of main memory over time. Nothing where transfers take no time.

/// Bytes read and written, beside what main memory can move at most.
std::optional<Figure> bandwidth_figure(const RunFolder& run, const ReportScale& scale);

/// Shares of the bursts that found their row open, none, or another one; from the rung `dram` on.
std::optional<Figure> row_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
