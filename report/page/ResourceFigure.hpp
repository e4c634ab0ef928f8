#pragma once

#include <optional>

#include "report/page/Figure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {

/// How much of each resource of the machine the simulation used: time of those that carry or compute, space of
/// buffers. Nothing for an estimate alone, or where nothing is limited.
std::optional<Figure> resource_figure(const RunFolder& run, const ReportScale& scale);

}  // namespace loopsim
