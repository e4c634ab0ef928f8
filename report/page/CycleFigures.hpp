#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

// Charts of where the cycles went (docs/attribution.md). Nothing where a run has no such data.

/// Cycles of each stage by cause, beside the estimate's.
std::optional<Figure> stage_figure(const RunFolder& run, const ReportScale& scale);

/// The finer causes of the stages' waits.
std::optional<Figure> detail_figure(const RunFolder& run, const ReportScale& scale);

/// From the estimated to the simulated cycles.
std::optional<Figure> bridge_figure(const RunFolder& run, const ReportScale& scale);

/// From the estimated cycles over every rung.
std::optional<Figure> ladder_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
