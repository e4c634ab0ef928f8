#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// Operations a cycle over operations a byte of main memory, below what array and main memory allow. Nothing where
/// neither has a limit.
std::optional<Figure> roofline_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
